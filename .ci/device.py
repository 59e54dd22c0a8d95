"""Training steps on an accelerator that is not there: every tensor has a device and a shape, but no numbers. A step fails where
an operation mixes devices, and where the host would wait for a number. All presets at full size, the arms of the papers' claims,
and what neither of them uses: `python .ci/device.py [NAME ...]`. With --cuda, forward passes under CUDA's autocast; torch knows no
backward pass on a CUDA that is not there, and no autocast on other devices."""
import contextlib
import io
import logging
import sys
import time
import traceback
import warnings
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode, unset_fake_temporarily
from torch.utils._pytree import tree_leaves

import radio_core
from radio_core.bench.steps import random_batch
from radio_core.claims.registry import read_registry, references, resolve
from radio_core.common.images import resize_to
from radio_core.engine.cost import outline
from radio_core.phis import Moments
from radio_core.presets import PRESETS, recipe
from radio_core.train import Run

if CUDA := "--cuda" in sys.argv:
    DEVICE = "cuda"
    torch.cuda.amp.common.amp_definitely_not_available, torch.cuda.is_bf16_supported = lambda: False, lambda *args, **kwargs: True
else:
    from pretended import DEVICE


def on_device(module):
    "Replace the parameters and buffers of a module on the meta device."
    for part in module.modules():
        for name, value in part._parameters.items():
            if value is not None:
                part._parameters[name] = nn.Parameter(torch.empty(value.shape, dtype=value.dtype, device=DEVICE), value.requires_grad)
        for name, value in part._buffers.items():
            if value is not None:
                part._buffers[name] = torch.empty(value.shape, dtype=value.dtype, device=DEVICE)
        if hasattr(part, "range_checked"):
            part.range_checked = True  # the first batch on an accelerator is looked at, once


class Shapes(FakeTensorMode):
    "Tensors of the accelerator have no numbers; what the host computes for itself stays real."

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if DEVICE in str(kwargs.get("device")) or any(isinstance(x, FakeTensor) for x in tree_leaves((args, kwargs))):
            return super().__torch_dispatch__(func, types, args, kwargs)
        with unset_fake_temporarily():
            return func(*args, **kwargs)


def recipes():
    "By name."
    registry, mini = read_registry(), recipe("mini")
    for name in PRESETS:
        yield name, recipe(name)
    for name, arm in registry.arms.items():
        if arm.kind == "trained" and not references(arm):
            yield f"arm {name}", resolve(registry, name, 0)
    for change in ({"windows": (2, 0)}, {"grad_checkpointing": True}, {"feature_grid": "larger"}, {"clip_grad": None},
                   {"student_config": {"spectral": True}}, {"cpe_probability": 0.5}):
        yield f"mini, {change}", replace(mini, **change)


def once(teacher, spec):
    "A teacher that many recipes share runs once per shape of its input."
    if "forward" in vars(teacher):
        return  # of an earlier recipe
    forward = teacher.forward

    def remembered(images):
        key = spec, tuple(images.shape), images.dtype
        if key not in outputs:
            outputs[key] = forward(images)
        return outputs[key]

    teacher.forward = remembered


def steps_of(whole):
    "Per partition of each stage: statistics of its teachers, an update, and the student as it is used. The number of them."
    distiller = outline(whole)
    distiller.recipe = replace(whole, amp=CUDA, compile=False)
    for config, teacher in zip(whole.teachers, distiller.teachers.values()):
        once(teacher, config.spec)
    with shapes:
        for module in (distiller.student, *distiller.teachers.values(), *distiller.standardizers.values(), distiller.balancer):
            on_device(module)
        run = Run(distiller)
        for stage in whole.stages:
            for partition in (sized for part in stage.partitions for sized in part.each_size()):
                batch = replace(random_batch(distiller, partition), step=run.step)
                targets = distiller.targets(batch)
                for name, target in targets.items():
                    Moments(distiller.teachers[name].feature_dim, DEVICE).update(target.features)
                if CUDA:  # the loss runs the teachers itself, inside autocast
                    with torch.autocast(DEVICE, torch.bfloat16):
                        total, losses = distiller.loss(batch, run.meter.fidelity)
                    run.meter.add(losses, batch)
                    run.step += 1
                    kinds = {loss.dtype for loss in (total, *losses.values())}
                    assert kinds == {torch.float32}, f"losses are {kinds}"
                else:
                    run.update([replace(batch, targets=targets)])
                with torch.no_grad():
                    distiller.student.eval()(resize_to(batch.crops, partition.size), adaptors="all", feature_fmt="NCHW")
                distiller.student.train()
    return run.step


logging.disable(logging.WARNING)  # of weights that are random
warnings.simplefilter("ignore")
names = [name for name in sys.argv[1:] if name != "--cuda"]
began, done, wrong = time.monotonic(), 0, []
shapes, outputs = Shapes(allow_non_fake_inputs=True), {}
wanted = {name: whole for name, whole in recipes() if not names or name in names}
for name, whole in wanted.items():
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            done += steps_of(whole)
    except Exception as error:
        package, frames = Path(radio_core.__file__).parent, reversed(traceback.extract_tb(error.__traceback__))
        where = next((f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames if Path(frame.filename).is_relative_to(package)), "?")
        wrong.append(f"{name}: {where}: {repr(error):.200}")
print(*wrong, f"{done} steps of {len(wanted)} recipes, {len(wrong)} failed, {time.monotonic() - began:.0f} s", sep="\n")
sys.exit(bool(wrong) or not done)
