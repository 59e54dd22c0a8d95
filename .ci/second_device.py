"""The run notebooks on a second device that is simulated: its tensors have real numbers, but an operation that mixes them with
those of the CPU fails, as it would on a GPU. `python .ci/second_device.py OUT`: teachers, training and evaluation, with smoke."""
import contextlib
import json
import os
import sys
import time
from pathlib import Path

import torch
from IPython.core.interactiveshell import InteractiveShell
from pretended import DEVICE
from torch.utils._python_dispatch import TorchDispatchMode, return_and_correct_aliasing
from torch.utils._pytree import tree_leaves, tree_map

aten = torch.ops.aten
TRAIN = "03_train", {"amp": False, "workers": 0}  # torch has no autocast for such a device
NOTEBOOKS = [("02_teachers", {}), TRAIN, TRAIN, ("04_evaluate", {"run": "smoke"})]  # the second training finds the first
INDEXING = (aten.index, aten.index_put, aten.index_put_, aten._index_put_impl_)


class Elsewhere(torch.Tensor):
    "A tensor that says it is on the device, and holds its numbers on the CPU."

    @staticmethod
    def __new__(cls, plain):
        return torch.Tensor._make_wrapper_subclass(cls, plain.size(), strides=plain.stride(), storage_offset=plain.storage_offset(),
                                                   dtype=plain.dtype, layout=plain.layout, device=torch.device(DEVICE, 0))

    def __init__(self, plain):
        self.plain = plain

    def tolist(self):
        return self.plain.detach().tolist()

    def numpy(self, *args, **kwargs):
        raise TypeError(f"numpy() of a tensor on {DEVICE}")

    __array__ = numpy
    __torch_function__ = torch._C._disabled_torch_function_impl

    def __reduce_ex__(self, protocol):  # a checkpoint holds the numbers
        return self.plain.detach().__reduce_ex__(protocol)

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return perform(func, args, kwargs or {})


class Device(TorchDispatchMode):
    "While it is active, tensors can be made on the device and moved to it."

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return perform(func, args, kwargs or {})


def perform(func, args, kwargs):
    "An operation, on the CPU. RuntimeError if it mixes devices; a number and indices may come from the CPU."
    leaves = tree_leaves((args, kwargs))
    target = next((x.type for x in leaves if isinstance(x, torch.device)), None)
    ours = any(isinstance(x, Elsewhere) for x in leaves)
    if not ours and target != DEVICE:
        return func(*args, **kwargs)
    moves = func in (aten._to_copy.default, aten.copy_.default)
    stray = [x for x in leaves if isinstance(x, torch.Tensor) and not isinstance(x, Elsewhere) and x.dim()]
    if ours and not moves and any(x.is_floating_point() or func.overloadpacket not in INDEXING for x in stray):
        raise RuntimeError(f"{func} mixes {DEVICE} and cpu: {', '.join(str(tuple(x.shape)) for x in stray)}")
    cpu = torch.device("cpu")
    plain = lambda x: x.plain if isinstance(x, Elsewhere) else cpu if isinstance(x, torch.device) else x
    given, options = tree_map(plain, (args, kwargs))
    out = func(*given, **options)
    if not (isinstance(args[0], Elsewhere) if func is aten.copy_.default else target in (None, DEVICE)):
        return out
    if func is aten._to_copy.default and out is given[0]:
        out = out.clone()
    out = tree_map(lambda x: Elsewhere(x) if isinstance(x, torch.Tensor) else x, out)
    return return_and_correct_aliasing(func, args, kwargs, out)


class Generator(torch.Generator):
    def __new__(cls, device=None):
        return super().__new__(cls, "cpu")


def inference_mode(mode=True):  # wrapped tensors know no inference mode
    return torch.no_grad()(mode) if callable(mode) else torch.no_grad() if mode else contextlib.nullcontext()


def play(shell, path, parameters):
    "Run the cells of a notebook. The error of the first that fails, or None."
    shell.reset(new_session=False)
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        code = "".join(cell["source"]).replace('"cuda" if torch.cuda.is_available() else "cpu"', repr(DEVICE)).replace("one_line_errors()\n", "")
        if code.startswith("preset = "):
            code = "\n".join([code, *(f"{name} = {value!r}" for name, value in parameters.items())])
        if "read_parameters(globals()" in code:
            code += f"\nif 'device' in globals(): device = {DEVICE!r}"
        if cell["cell_type"] == "code":
            with Device():
                done = shell.run_cell(code, store_history=True)
            if error := done.error_before_exec or done.error_in_exec:
                return error


torch.inference_mode, torch.Generator = inference_mode, Generator
notebooks, shell, began = Path(__file__).resolve().parents[1] / "nbs", InteractiveShell.instance(), time.monotonic()
Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
os.chdir(sys.argv[1])
wrong = [(name, error) for name, values in NOTEBOOKS if (error := play(shell, notebooks / f"{name}.ipynb", {"preset": "smoke"} | values))]
print(f"{len(NOTEBOOKS)} notebooks on a second device, {len(wrong)} failed, {time.monotonic() - began:.0f} s", *wrong)
sys.exit(bool(wrong))
