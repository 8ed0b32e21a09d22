"""What somebody uploads: whether it is the table it says it is, before anything reads into it."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from typing import Literal

LARGEST_BYTES = 40_000_000
# Unpacked, a table of 200,000 rows is about this; a bomb is a thousand times its own size.
LARGEST_OPENED = 400_000_000
LARGEST_RATIO, RATIO_FROM = 200, 20_000_000
MOST_PARTS = 2_000
LONGEST_NAME = 120

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_WEB_PAGE = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|meta|\?xml)", re.IGNORECASE
)
# What turns the direction of the text around it, or cannot be seen at all.
TRICKS = frozenset(
    "\u200b\u200c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)

Kind = Literal["xlsx", "csv"]


class BadFile(ValueError):
    """The file cannot be taken in; the message says why, and what to do."""


def examined(content: bytes, name: str) -> Kind:
    """What kind of table a file really is. Raises BadFile."""
    _check_name(name)
    if not content:
        raise BadFile("文件是空的，请重新选择")
    if len(content) > LARGEST_BYTES:
        raise BadFile(f"文件超过 {LARGEST_BYTES // 1_000_000} MB，请分成几份导入")
    if content.startswith(_OLE):
        raise BadFile(_told_of_ole(content))
    if _WEB_PAGE.match(content[:512]):
        raise BadFile("这其实是一个网页，不是表格：请在表格软件里打开，另存为 .xlsx 再导入")
    ending = name.lower().rpartition(".")[2]
    if content.startswith(_ZIP):
        if ending != "xlsx":
            raise BadFile(f"文件名说是 .{ending}，内容却是 .xlsx 一类的文件：请核对后改名再导入")
        _check_parts(content)
        return "xlsx"
    if ending != "csv":
        raise BadFile(f"文件名说是 .{ending}，内容却不是：请在表格软件里另存为 .xlsx 再导入")
    if not content.startswith(_UTF16) and b"\0" in content:
        raise BadFile("文件里有空字符（NUL），不是文本表格：请在表格软件里另存为 .xlsx 再导入")
    return "csv"


def _check_name(name: str) -> None:
    if len(name) > LONGEST_NAME:
        raise BadFile(f"文件名太长，请改到 {LONGEST_NAME} 个字以内")
    if any(c in TRICKS or unicodedata.category(c) == "Cc" for c in name):
        raise BadFile("文件名里有看不见的控制字符，可能是伪装的文件：请改名后再导入")
    ending = name.lower().rpartition(".")[2]
    if ending in {"xlsm", "xltm", "xlsb"}:
        raise BadFile(f".{ending} 可能带宏，不能导入：请在表格软件里另存为 .xlsx")
    if ending not in {"xlsx", "csv"}:
        raise BadFile("只收 .xlsx 和 .csv；.xls 等旧格式请在表格软件里另存为 .xlsx")


def _told_of_ole(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "文件加了密码，打不开：请去掉密码再导入"
    return "这是旧格式（.xls）或别的文件：请在表格软件里另存为 .xlsx 再导入"


def _check_parts(content: bytes) -> None:
    """Open every part once, counting: what its head says of its size may be a lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            listed = parts.infolist()
            _check_list(content, listed)
            for part in listed:
                with parts.open(part) as stream:
                    while stream.read(1 << 20):
                        pass
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as problem:
        raise BadFile("文件打不开：损坏了，或不是真的 .xlsx。请重新另存一份") from problem
    except Exception as problem:
        # zlib's own error, and whatever else a broken archive makes its reader say.
        if isinstance(problem, BadFile):
            raise
        raise BadFile("文件打不开：损坏了。请在表格软件里重新另存一份") from problem


def _check_list(content: bytes, listed: list[zipfile.ZipInfo]) -> None:
    names = {part.filename.lower() for part in listed}
    if any(part.flag_bits & 1 for part in listed):
        raise BadFile("文件加了密码，打不开：请去掉密码再导入")
    opened = sum(part.file_size for part in listed)
    dense = opened > RATIO_FROM and opened > LARGEST_RATIO * len(content)
    if opened > LARGEST_OPENED or dense or len(listed) > MOST_PARTS:
        raise BadFile("这个文件解开后大得不正常，没有打开它。请只留要导入的表，另存一份再试")
    if any("vbaproject" in name or "macrosheets" in name for name in names):
        raise BadFile("文件里带宏，不能导入：请在表格软件里另存为不带宏的 .xlsx")
    if not {"[content_types].xml", "xl/workbook.xml"} <= names:
        raise BadFile("这不是真的 .xlsx（可能是别的文件改了名）：请在表格软件里另存一份")
