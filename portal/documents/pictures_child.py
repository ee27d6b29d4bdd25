"""Make one picture anew from standard input: turned upright, smaller, without any of its metadata.

Run by `uploads.checked` as a process of its own, by file name and without the portal's packages, so
that a hostile file meets limits of memory and time and nothing else. The answer is a line of JSON (width,
height, size of the picture) and the bytes of the picture and of its small copy. Exit status 3: broken,
5: too many pixels.
"""

import io
import json
import resource
import sys

MEMORY = 1024 * 1024 * 1024
BROKEN, TOO_MANY = 3, 5


def main() -> None:
    """Read, draw anew, answer."""
    limits = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        picture, small, size = drawn(data, limits)
    except MemoryError:
        sys.exit(4)
    except Exception:  # whatever the decoder says, the picture is broken
        sys.exit(BROKEN)
    head = json.dumps({"width": size[0], "height": size[1], "bytes": len(picture)})
    sys.stdout.buffer.write(head.encode() + b"\n" + picture + small)


def drawn(data: bytes, limits: dict) -> tuple[bytes, bytes, tuple[int, int]]:
    """The picture and its small copy, encoded from pixels alone."""
    from PIL import Image, ImageOps  # after the limits are set

    Image.MAX_IMAGE_PIXELS = None  # looked at below, with a sentence of its own
    image = Image.open(io.BytesIO(data), formats=(limits["format"],))
    pixels = image.width * image.height
    if pixels > limits["pixels"][limits["format"]]:
        sys.exit(TOO_MANY)
    side = limits["side"]
    if limits["format"] == "JPEG":
        image.draft("RGB", (side, side))  # decodes a large photo at a part of its size
    image.load()
    profile = image.info.get("icc_profile")
    image.thumbnail((side, side))
    image = ImageOps.exif_transpose(image)
    image = as_screen_colours(image, profile)
    small = image.convert("RGB") if image.mode != "RGBA" else on_white(image)
    small.thumbnail((limits["small"], limits["small"]))
    return encoded(image, limits["format"]), encoded(small, "JPEG"), image.size


def as_screen_colours(image, profile):
    """The picture in the colours that every screen takes for granted, since the profile is not kept."""
    from PIL import ImageCms

    wanted = "RGBA" if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=wanted)
        except ImageCms.PyCMSError:
            pass  # a profile that cannot be read says nothing about the colours
    return image if image.mode == wanted else image.convert(wanted)


def on_white(image):
    """A picture with holes, on white."""
    from PIL import Image

    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def encoded(image, form: str) -> bytes:
    """The pixels in a format, and nothing besides."""
    from PIL import Image

    plain = Image.frombytes(image.mode, image.size, image.tobytes())
    out = io.BytesIO()
    if form == "JPEG":
        plain.convert("RGB").save(out, "JPEG", quality=85, optimize=True, progressive=True)
    elif form == "WEBP":
        plain.save(out, "WEBP", quality=85)
    else:
        plain.save(out, "PNG", optimize=False)
    return out.getvalue()


if __name__ == "__main__":
    main()
