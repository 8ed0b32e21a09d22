"""What an uploaded file really is: told from its content, never from its name."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from PIL import Image, ImageOps

from .checks import RefusedError
from .papers import Attachment

MOST_BYTES = 20 * 2**20
MOST_PIXELS = 50_000_000
Kind = Attachment.Kind

_BEGINS = {b"\xff\xd8\xff": Kind.JPEG, b"\x89PNG\r\n\x1a\n": Kind.PNG, b"%PDF-": Kind.PDF}
_NAMED = {".jpg": Kind.JPEG, ".jpeg": Kind.JPEG, ".png": Kind.PNG, ".pdf": Kind.PDF}
_FORMATS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG"}
# What acts by itself when a PDF is opened, or carries other files along.
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")
_WHAT = "只收照片（JPG、PNG）和 PDF"


def examined(content: bytes, filename: str) -> tuple[Kind, bytes]:
    """The kind of a file, and what of it is kept. Raises RefusedError, in words for the screen.

    Pictures are drawn anew: where and with what they were taken is not kept, nor anything that
    hides behind the picture.
    """
    if not content:
        raise RefusedError("文件是空的，请重新选择")
    if len(content) > MOST_BYTES:
        raise RefusedError(f"文件太大：{len(content) / 2**20:.0f} MB，最多 {MOST_BYTES >> 20} MB")
    kind = next((kind for begins, kind in _BEGINS.items() if content.startswith(begins)), None)
    if kind is None:
        raise RefusedError(f"{_unwanted(content)}；{_WHAT}")
    named = _NAMED.get(PurePath(filename).suffix.lower())
    if named != kind:
        raise RefusedError(f"文件名是“{filename[-40:]}”，内容却是{kind.label}，对不上；请核对文件")
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise RefusedError(f"{kind.label}里还藏着一个压缩包，不收；请重新拍照或另存一份")
    if kind == Kind.PDF:
        return kind, _pdf(content)
    return kind, _picture(content, kind)


def _unwanted(content: bytes) -> str:
    if content.startswith(b"PK"):
        return "这是压缩包或 Word、Excel 文件"
    if content[4:8] == b"ftyp":
        return "这是手机的 HEIC 照片或视频，请在相机设置里改成“兼容性最佳”再拍，或转成 JPG"
    return "认不出这是什么文件"


def _pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-1024:]:
        raise RefusedError("PDF 不完整，可能没有传完，请重新选择")
    if b"/Encrypt" in content:
        raise RefusedError("PDF 设了密码，请去掉密码再传")
    if _ACTIVE.search(content):
        raise RefusedError("PDF 里有程序或附件，不收；请打印成新的 PDF 再传")
    return content


def _picture(content: bytes, kind: Kind) -> bytes:
    try:
        drawn = _drawn(content, kind)
    except RefusedError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise RefusedError("图片的像素多得不正常，不收") from problem
    except (OSError, ValueError, SyntaxError) as problem:
        raise RefusedError("图片打不开，可能没有传完或已损坏，请重新选择") from problem
    out = io.BytesIO()
    drawn.save(out, _FORMATS[kind], quality=90)
    return out.getvalue()


def _drawn(content: bytes, kind: Kind) -> Image.Image:
    """The picture upright on a fresh sheet: its points and nothing else."""
    with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as picture:
        wide, high = picture.size
        if wide * high > MOST_PIXELS:
            most = MOST_PIXELS // 10_000
            raise RefusedError(f"图片太大：{wide}×{high}，最多 {most} 万像素")
        upright = ImageOps.exif_transpose(picture)
        drawn = Image.new(_mode(upright, kind), upright.size)
        drawn.paste(upright)
    return drawn


def _mode(picture: Image.Image, kind: Kind) -> str:
    """Colours as they were, where the format has them."""
    if picture.mode in ("1", "L"):
        return "L"
    return "RGBA" if kind == Kind.PNG and picture.has_transparency_data else "RGB"
