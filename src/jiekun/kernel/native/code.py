"""LLVM modules to machine code of this processor, kept as long as its function is."""

import ctypes
from collections.abc import Callable
from threading import Lock
from typing import Any

from llvmlite import binding

Run = Callable[[int], int]
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


class Compiled:
    """A module's `run`; calling it lets other threads work meanwhile."""

    def __init__(self, module: Any) -> None:
        with _ALONE:
            machine = _machine()
            parsed = binding.parse_assembly(str(module))
            parsed.triple, parsed.data_layout = machine.triple, str(machine.target_data)
            optimise(parsed, machine)
            self._engine = binding.create_mcjit_compiler(parsed, machine)
            self._engine.finalize_object()
            address = self._engine.get_function_address("run")
        self.run: Run = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(address)
