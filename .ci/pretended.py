"""A device of torch's that no machine has, for checks that need none: `import pretended` makes torch know it."""
import torch
from torch.utils import backend_registration

DEVICE = "pretended"


class Accelerator(backend_registration._DummyBackendModule):
    "What torch asks of a device's module."

    def get_amp_supported_dtype(self):
        return [torch.bfloat16]


torch._C._set_only_lift_cpu_tensors(True)  # torch.tensor(..., device=DEVICE) goes through the dispatcher
backend_registration._setup_privateuseone_for_python_backend(DEVICE, Accelerator())
