"""torch.hub.load("path/to/this/folder", "radio_model", source="local", version="path/to/a/model"): see nbs/hub/torchhub.ipynb."""
from radio_core.hub import radio_model  # noqa: F401

dependencies = ["torch", "timm", "einops", "safetensors", "pydantic", "fastcore", "huggingface_hub"]
