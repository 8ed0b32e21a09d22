import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil
import pytest

from jiekun.config.demo_server import DemoError, parse_scale

RUN = "import sys; from jiekun.config.demo_server import run_demo; run_demo('1:100', {port})"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url):
    """Whether a server speaks there, whatever it says."""
    try:
        return bool(urllib.request.urlopen(url).status)
    except urllib.error.HTTPError as error:
        return bool(error.code)


class Demo:
    """A demo started as a user starts it, in a folder of its own."""

    def __init__(self, folder, port):
        self.url = f"http://127.0.0.1:{port}/sign-in/"
        self.folder = folder
        # The tests' own settings must not reach it.
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DATABASE"))}
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN.format(port=port)],
            cwd=folder,
            env=kept,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_for(self, words, seconds=120):
        seen = ""
        until = time.monotonic() + seconds
        while words not in seen and time.monotonic() < until:
            line = self.process.stdout.readline()
            assert line, f"the demo ended: {seen}"
            seen += line
        return seen

    def left_over(self):
        """What still runs in the demo's folder or on its files."""
        left = []
        for process in psutil.process_iter(["pid", "cmdline", "cwd"]):
            words = [*(process.info["cmdline"] or ()), process.info["cwd"] or ""]
            if any(str(self.folder) in word for word in words):
                left.append(process)
        return left

    def is_gone(self, seconds=20):
        until = time.monotonic() + seconds
        while self.left_over() and time.monotonic() < until:
            time.sleep(0.1)
        return not self.left_over()


@pytest.fixture
def start(short_folder):
    demos = []

    def begin(port=None):
        demos.append(Demo(short_folder, free_port() if port is None else port))
        return demos[-1]

    yield begin
    for demo in demos:
        demo.process.send_signal(signal.SIGINT)
        demo.process.wait(30)
        demo.process.stdout.close()


@pytest.mark.parametrize(("written", "meant"), [("1:1", 1), ("1:50", 50), ("1:100", 100)])
def test_a_scale_is_one_to_so_many(written, meant):
    assert parse_scale(written) == meant


@pytest.mark.parametrize("written", ["50", "1:0", "1:101", "2:50", "1:x", "", "1:50 "])
def test_any_other_scale_is_refused_with_an_example(written):
    with pytest.raises(DemoError, match="1:50"):
        parse_scale(written)


def test_a_busy_port_is_told_at_once_and_nothing_is_left(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = start(port)
        told, _ = demo.process.communicate(timeout=20)
    assert f"端口 {port}" in told
    assert "--port" in told
    assert demo.process.returncode == 2
    assert not demo.left_over()


def test_ctrl_c_stops_all_it_started_and_a_killed_demo_starts_again_quickly(start):
    demo = start()
    demo.wait_for("Ctrl-C")
    demo.process.kill()
    assert demo.is_gone(), demo.left_over()

    began = time.monotonic()
    again = start()
    again.wait_for("Ctrl-C")
    assert time.monotonic() - began < 30
    assert answers(again.url)
    again.process.send_signal(signal.SIGINT)
    assert again.process.stdout.read().count("已停止") == 1
    assert again.is_gone(), again.left_over()


def workers(demo):
    return [p for p in demo.left_over() if "--once" in (p.info["cmdline"] or ())]


def until(what, seconds=30):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.2)


def test_a_worker_that_dies_is_replaced(start):
    demo = start()
    demo.wait_for("Ctrl-C")
    until(lambda: workers(demo))
    (first,) = workers(demo)
    first.kill()
    until(lambda: {w.pid for w in workers(demo)} - {first.pid})


def test_killed_while_building_the_next_start_is_clean(start):
    demo = start()
    demo.wait_for("数据库已启动")
    time.sleep(0.7)
    demo.process.kill()
    assert demo.is_gone(), demo.left_over()
    assert "可以打开了" in start().wait_for("Ctrl-C")


def test_a_second_demo_in_the_same_folder_is_told_so(start):
    start().wait_for("数据库已启动")
    told, _ = start().process.communicate(timeout=30)
    assert "已有一个演示" in told
