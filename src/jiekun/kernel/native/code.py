"""LLVM modules to machine code of this processor, kept as long as its function is."""

import ctypes
from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from typing import Any

import llvmlite
from llvmlite import binding

from jiekun.kernel.native import kept

Run = Callable[[int], int]
# To be raised with every change below that makes other code of the same instructions.
EDITION = 1
# LLVM's own tables are not to be changed by two threads at once.
_ALONE = Lock()


def _machine() -> Any:
    """A machine of its own for each engine, which frees it: shared, it would be freed twice."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=2,
        jit=True,
    )


def optimise(module: Any, machine: Any) -> None:
    """Only what pays: what is left to do was already decided when the code was written."""
    tools = binding.create_pass_builder(machine, binding.create_pipeline_tuning_options())
    passes = binding.create_new_function_pass_manager()
    passes.add_sroa_pass()
    passes.add_simplify_cfg_pass()
    for function in module.functions:
        if not function.is_declaration:
            passes.run(function, tools)


def _key(text: str) -> str:
    """Of the code wanted and of everything it depends on: what is kept fits only its like."""
    made_by = (EDITION, llvmlite.__version__, binding.llvm_version_info)
    made_for = (
        binding.get_process_triple(),
        binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten(),
    )
    return sha256(repr((made_by, made_for, text)).encode()).hexdigest()


def _object(text: str, machine: Any) -> bytes:
    """The object file of a module."""
    parsed = binding.parse_assembly(text)
    parsed.triple, parsed.data_layout = machine.triple, str(machine.target_data)
    optimise(parsed, machine)
    made: bytes = machine.emit_object(parsed)
    return made


class Compiled:
    """A module's `run`; calling it lets other threads work meanwhile."""

    def __init__(self, module: Any) -> None:
        text = str(module)
        key = _key(text)
        with _ALONE:
            machine = _machine()
            code = kept.load(key)
            if code is None:
                code = _object(text, machine)
                kept.save(key, code)
            engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
            engine.add_object_file(binding.ObjectFileRef.from_data(code))
            engine.finalize_object()
            found = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(
                engine.get_function_address("run")
            )
        # The code lies in the engine's memory: whoever holds the function holds that too.
        found.engine = engine  # type: ignore[attr-defined]
        self.run: Run = found
