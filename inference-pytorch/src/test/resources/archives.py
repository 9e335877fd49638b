"""Writes linear.pt and two.pt as torch.jit.save does, without PyTorch: python3 archives.py, in this folder.

linear: y = x W' + b with W = [[1, 2], [0.5, -1], [0, 3]] and b = [0.25, 0, -1].
two: of (x, ids) the sum of each row of x, and twice the ids.
"""
import struct
import zipfile


def text(value):
    raw = value.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def numbers(values):
    return b"(" + b"".join(b"K" + bytes([value]) for value in values) + b"t"


def tensor(key, shape, stride, count):
    storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text(key) + text("cpu") + b"K" + bytes([count]) + b"tQ"
    return (b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K\x00" + numbers(shape) + numbers(stride)
            + b"\x89ccollections\nOrderedDict\n)RtR")


def module(name, *members):
    return b"\x80\x02c__torch__\n" + name.encode() + b"\n)\x81}(" + b"".join(members) + text("training") + b"\x89ub."


def write(name, entries):
    with zipfile.ZipFile(name + ".pt", "w", zipfile.ZIP_STORED) as archive:
        for entry, content in {**entries, "constants.pkl": b"\x80\x02).", "version": "3\n"}.items():
            archive.writestr(zipfile.ZipInfo(name + "/" + entry, (1980, 1, 1, 0, 0, 0)), content)


write("linear", {
    "data.pkl": module("Linear",
                       text("weight"), tensor("0", [3, 2], [2, 1], 6), text("bias"), tensor("1", [3], [1], 3)),
    "data/0": struct.pack("<6f", 1, 2, 0.5, -1, 0, 3),
    "data/1": struct.pack("<3f", 0.25, 0, -1),
    "code/__torch__.py": """class Linear(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  weight : Tensor
  bias : Tensor
  training : bool
  def forward(self: __torch__.Linear,
    x: Tensor) -> Tensor:
    weight = self.weight
    bias = self.bias
    return torch.linear(x, weight, bias)
"""})

write("two", {
    "data.pkl": module("Two"),
    "code/__torch__.py": """class Two(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.Two,
    x: Tensor,
    ids: Tensor) -> Tuple[Tensor, Tensor]:
    sums = torch.sum(x, [1])
    return (sums, torch.mul(ids, 2))
"""})
