"""Data sets in their own folders: small sound trees, each with one thing wrong."""
import json
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import torch
from PIL import Image
from scipy.io import savemat

from radio_core.sets.classes import class_examples, class_folders, class_splits, imagenet
from radio_core.sets.coco import coco_examples, read_detections
from radio_core.sets.dense import nyud, pascal_context
from radio_core.sets.navi import navi_pairs, navi_views
from radio_core.sets.nyu import nyu_part, nyu_splits
from radio_core.sets.semantic import ade20k, coco_semantic, voc2012
from radio_core.sets.spair import spair

from .kit import Case, label_map, picture, truncate, write


def read_all(data: object) -> object:
    "Every example of splits, a list of images, or pairs."
    for part in data[:2] if isinstance(data, tuple) else [getattr(data, "views", data)]:
        for i in range(len(part)):
            part[i]
    if hasattr(data, "truth"):
        for i in range(len(data)):
            data.truth(i)
    return data


def tree(entry: str, make: Callable[[Path], object], load: Callable[[Path], object]) -> Callable[..., Case]:
    "Cases of one data set: a sound tree is made, changed, and read to the end."
    def case(name: str, change: Callable[[Path], object], says: str, **options) -> Case:
        def before(here: Path) -> None:
            make(here)
            change(here)
        return Case(entry, name, lambda here: read_all(load(here, **options)), says, before)
    return case


def class_tree(here: Path) -> None:
    for i, name in enumerate(("train/cat/a", "train/cat/b", "train/dog/a", "val/cat/a", "val/dog/a")):
        picture(here / f"{name}.png", seed=i)


def coco(here: Path) -> None:
    picture(here / "val2017/a.png"), picture(here / "val2017/b.png", seed=1)
    box = {"category_id": 1, "iscrowd": 0, "area": 100.0, "bbox": [5, 5, 10, 10], "segmentation": [[5, 5, 15, 5, 15, 15, 5, 15]]}
    rows = {"images": [{"id": i, "file_name": f"{n}.png", "height": 40, "width": 48} for i, n in ((1, "a"), (2, "b"))],
            "categories": [{"id": 1, "name": "cat"}], "annotations": [{"id": i, "image_id": i} | box for i in (1, 2)]}
    write(here / "annotations/instances_val2017.json", json.dumps(rows))


def rows(change: Callable[[dict], object]) -> Callable[[Path], None]:
    "Another instances json."
    def rewrite(here: Path) -> None:
        path = here / "annotations/instances_val2017.json"
        values = json.loads(path.read_text())
        path.write_text(json.dumps(change(values) or values))
    return rewrite


def every(kind: str, **values) -> Callable[[Path], None]:
    "All entries of a list get these values."
    return rows(lambda found: [row.update(values) for row in found[kind]] and None)


def ade(here: Path) -> None:
    for split in ("training", "validation"):
        for i in range(2):
            picture(here / f"images/{split}/{i}.jpg", seed=i), label_map(here / f"annotations/{split}/{i}.png")


def voc(here: Path) -> None:
    for i in range(2):
        picture(here / f"JPEGImages/{i}.jpg", seed=i), label_map(here / f"SegmentationClass/{i}.png")
    write(here / "ImageSets/Segmentation/train.txt", "0\n"), write(here / "ImageSets/Segmentation/val.txt", "1\n")


def sample(here: Path) -> None:
    for split in ("train", "val"):
        picture(here / f"{split}/images/0.jpg"), label_map(here / f"{split}/semantic/0.png")


def nyu(here: Path, frames: int = 3, **shapes) -> None:
    with h5py.File(here / "nyu_depth_v2_labeled.mat", "w") as file:
        file["images"] = np.zeros(shapes.get("images", (frames, 3, 640, 480)), np.uint8)
        file["depths"] = np.ones(shapes.get("depths", (frames, 640, 480)), np.float32)
    savemat(here / "splits.mat", {"trainNdxs": np.array([[1], [2]]), "testNdxs": np.array([[3]])})


def nyud_tree(here: Path) -> None:
    for i in range(2):
        picture(here / f"images/{i}.png", seed=i), label_map(here / f"segmentation/{i}.png"), picture(here / f"normals/{i}.png")
        label_map(here / f"edge/{i}.png", top=2), (here / "depth").mkdir(exist_ok=True)
        np.save(here / f"depth/{i}.npy", np.ones((40, 48), np.float32))
    write(here / "gt_sets/train.txt", "0\n"), write(here / "gt_sets/val.txt", "1\n")


def context(here: Path) -> None:
    for i in range(2):
        picture(here / f"JPEGImages/{i}.jpg", seed=i), label_map(here / f"semseg/VOC12/{i}.png"), picture(here / f"normals_distill/{i}.png")
        label_map(here / f"sal_distill/{i}.png", value=255), (here / "human_parts").mkdir(exist_ok=True), (here / "pascal-context/trainval").mkdir(parents=True, exist_ok=True)
        savemat(here / f"human_parts/{i}.mat", {"anno": {"objects": {"class_ind": 15, "parts": {"part_name": "head", "mask": np.ones((40, 48))}}}})
        savemat(here / f"pascal-context/trainval/{i}.mat", {"LabelMap": np.full((40, 48), 3)})
    write(here / "ImageSets/Context/train.txt", "0\n"), write(here / "ImageSets/Context/val.txt", "1\n")


def navi(here: Path, change: Callable[[list], object] | None = None) -> None:
    folder = here / "toy/wild_set"
    records = [{"camera": {"q": [1, 0, 0, 0], "t": [0, 0, 500], "focal_length": 60.0}, "filename": f"{i}.jpg", "image_size": [40, 48], "split": "val"} for i in range(2)]
    for i in range(2):
        picture(folder / f"images/{i}.jpg", seed=i), (folder / "depth").mkdir(exist_ok=True)
        inverse = np.zeros((40, 48), np.uint16)
        inverse[10:30, 10:30] = 1300
        Image.fromarray(inverse).save(folder / f"depth/{i}.png")
    write(folder / "annotations.json", json.dumps((change(records) or records) if change else records))


def navi_rows(change: Callable[[list], object]) -> Callable[[Path], None]:
    return lambda here: navi(here, change)


def spair_tree(here: Path) -> None:
    picture(here / "JPEGImages/cat/a.jpg"), picture(here / "JPEGImages/cat/b.jpg", seed=1)
    pair = {"src_kps": [[5, 5], [9, 9]], "trg_kps": [[6, 6], [8, 8]], "src_imsize": [48, 40, 3], "trg_imsize": [48, 40, 3], "trg_bndbox": [2, 2, 30, 30]}
    write(here / "PairAnnotation/test/1-a-b:cat.json", json.dumps(pair)), write(here / "Layout/large/test.txt", "1-a-b:cat\n")


def pair(**values) -> Callable[[Path], None]:
    def rewrite(here: Path) -> None:
        path = here / "PairAnnotation/test/1-a-b:cat.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | values))
    return rewrite


def gone(path: str) -> Callable[[Path], object]:
    return lambda here: (here / path).rename(here / "renamed")


def text(path: str, content: str | bytes = "hello") -> Callable[[Path], object]:
    return lambda here: write(here / path, content)


def cut(path: str) -> Callable[[Path], None]:
    return lambda here: truncate(here / path)


def mask(path: str, **options) -> Callable[[Path], object]:
    return lambda here: label_map(here / path, **options)


def colours(path: str) -> Callable[[Path], object]:
    return lambda here: picture(here / path)


def mat(path: str, **values) -> Callable[[Path], None]:
    return lambda here: savemat(here / path, values)


def array(path: str, value: np.ndarray) -> Callable[[Path], None]:
    return lambda here: np.save(here / path, value, allow_pickle=True)


def detections(name: str, content: object, says: str = "f.json", ids: object = (1,)) -> Case:
    body = content if isinstance(content, str) else json.dumps(content)
    return Case("read_detections", name, lambda here: read_detections(here / "f.json", ids), says, lambda here: write(here / "f.json", body))


def none(here: Path) -> None:
    "The sound tree."


c = tree("class_folders", class_tree, lambda here, size=16, **options: class_folders(here, size, **options))
o = tree("coco_examples", coco, lambda here, **options: coco_examples(here, **options))
a, v, s = tree("ade20k", ade, ade20k), tree("voc2012", voc, voc2012), tree("coco_semantic", sample, coco_semantic)
y = tree("nyu_splits", nyu, lambda here, part=None, **options: nyu_part(here, part) if part is not None else nyu_splits(here, **options))
d, p = tree("nyud", nyud_tree, nyud), tree("pascal_context", context, pascal_context)
n = tree("navi_views, navi_pairs", navi, lambda here, pairs=False, size=32, **options: (navi_pairs if pairs else navi_views)(here, size, **options))
k = tree("spair", spair_tree, lambda here, **options: spair(here, **options))
ROW = {"image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5], "score": 0.5}
CASES = [
    c("no val", gone("val"), "val"),
    c("no train", gone("train"), "train"),
    c("an empty class", lambda here: (here / "train/eel").mkdir(), "eel"),
    c("an image in no class", lambda here: picture(here / "train/x.png"), "x.png"),
    c("a class that val lacks", gone("val/dog"), "dog"),
    c("a class that train lacks", lambda here: picture(here / "val/eel/a.png"), "eel"),
    c("a broken photo", cut("train/cat/a.png"), "a.png"),
    c("a text as photo", text("val/dog/a.png"), "a.png"),
    c("three names for two classes", none, "3 class names", names=("a", "b", "c")),
    c("size 0", none, "size", size=0),
    c("size -3", none, "size", size=-3),
    c("size of text", none, "size", size="big"),
    c("crop 0", none, "crop", crop=0.0),
    c("crop 2", none, "crop", crop=2.0),
    c("names a text", none, "names", names="ab"),
    c("partial of text", none, "partial", partial="maybe"),
    c("names of numbers", none, "names", names=(1, 2)),
    Case("class_examples", "splits instead of classes", lambda here: class_examples(here, 16), "splits", class_tree),
    Case("class_examples", "an unknown class", lambda here: class_examples(here / "val", 16, classes=["cat"]), "dog", class_tree),
    Case("class_examples", "a class twice", lambda here: class_examples(here / "val", 16, classes=["cat", "dog", "cat"]), "cat", class_tree),
    Case("class_examples", "no folder", lambda here: class_examples("none", 16), "none"),
    Case("class_examples", "None", lambda here: class_examples(None, 16), "folder"),
    Case("class_splits", "no folder", lambda here: class_splits(here / "none", 16), "none"),
    Case("class_splits", "classes of one image", lambda here: class_splits(here / "val", 16), "one image", lambda here: [picture(here / f"val/{c}/a.png") for c in ("cat", "dog")]),
    Case("class_splits", "an empty class", lambda here: class_splits(here, 16), "eel", lambda here: (class_tree(here), (here / "train/eel").mkdir())),
    Case("class_splits", "size 0", lambda here: class_splits(here, 0), "size", class_tree),
    Case("imagenet", "other folders", lambda here: imagenet(here, 16), "cat", class_tree),
    Case("imagenet", "an empty folder", lambda here: imagenet(here, 16), "train"),
    o("no images", gone("val2017"), "val2017"),
    o("no annotations", gone("annotations"), "annotations"),
    o("another split", none, "train2017", split="train2017"),
    o("a split of None", none, "split", split=None),
    o("truncated json", cut("annotations/instances_val2017.json"), "instances"),
    o("an empty json", text("annotations/instances_val2017.json", ""), "instances"),
    o("a list", rows(lambda r: [1]), "instances"),
    o("captions", rows(lambda r: r.pop("categories") and None), "categories"),
    o("no images in it", rows(lambda r: r.update(images=[])), "image"),
    o("a missing file", gone("val2017/a.png"), "a.png"),
    o("a broken photo", cut("val2017/a.png"), "a.png"),
    o("another size", lambda here: picture(here / "val2017/a.png", (20, 20)), "a.png"),
    o("ids of text", every("images", id="1"), "id"),
    o("heights of null", every("images", height=None), "height"),
    o("boxes of NaN", every("annotations", bbox=[float("nan"), 1, 2, 3]), "bbox"),
    o("negative boxes", every("annotations", bbox=[1, 1, -4, 5]), "bbox"),
    o("boxes of three", every("annotations", bbox=[1, 2, 3]), "bbox"),
    o("areas of text", every("annotations", area="big"), "area"),
    o("polygons of two corners", every("annotations", segmentation=[[1, 2, 3, 4]]), "segmentation"),
    o("run lengths of another size", every("annotations", segmentation={"size": [9, 9], "counts": [81]}), "segmentation"),
    o("images that are not there", every("annotations", image_id=77), "image_id"),
    o("names outside the folder", every("images", file_name="../../x.png"), "x.png"),
    o("the whole json a number", text("annotations/instances_val2017.json", "3"), "instances"),
    a("no folder", gone("images/training"), "images/training"),
    a("a missing mask", gone("annotations/training/0.png"), "0.png"),
    a("a mask of another size", mask("annotations/training/0.png", size=(20, 20)), "0.png"),
    a("a coloured mask", colours("annotations/validation/0.png"), "0.png"),
    a("label 151", mask("annotations/training/0.png", value=151), "label"),
    a("a broken photo", cut("images/validation/1.jpg"), "1.jpg"),
    a("a class list of three", text("objectInfo150.txt", "h\na\nb\nc"), "objectInfo150.txt"),
    a("a class list of noise", text("objectInfo150.txt", b"\xff\xfe\x80"), "objectInfo150.txt"),
    a("an empty mask", text("annotations/training/1.png", ""), "1.png"),
    a("no photos", lambda here: [path.unlink() for path in (here / "images/training").iterdir()], "training"),
    v("no list", gone("ImageSets/Segmentation/val.txt"), "val.txt"),
    v("an empty list", text("ImageSets/Segmentation/train.txt", ""), "train"),
    v("a name that is missing", text("ImageSets/Segmentation/val.txt", "77\n"), "77"),
    v("a list of noise", text("ImageSets/Segmentation/val.txt", b"\xff\xfe\x80"), "val.txt"),
    v("label 99", mask("SegmentationClass/1.png", value=99), "label"),
    v("augmented without its folder", none, "SegmentationClassAug", augmented=True),
    v("a photo of another size", lambda here: picture(here / "JPEGImages/1.jpg", (20, 20)), "1.png"),
    v("augmented of text", none, "augmented", augmented="perhaps"),
    s("no masks", gone("val/semantic"), "semantic"),
    s("label 201", mask("val/semantic/0.png", value=201), "label"),
    s("a mask that is a photo", colours("train/semantic/0.png"), "0.png"),
    Case("ade20k", "no such folder", lambda here: ade20k("none"), "none"),
    Case("ade20k", "a file", lambda here: ade20k(here / "f"), "ADE", lambda here: write(here / "f")),
    Case("voc2012", "None", lambda here: voc2012(None), "root"),
    Case("coco_examples", "a number", lambda here: coco_examples(3), "root"),
    y("no frames", gone("nyu_depth_v2_labeled.mat"), "labeled"),
    y("no splits", gone("splits.mat"), "splits.mat"),
    y("frames of text", text("nyu_depth_v2_labeled.mat"), "labeled"),
    y("truncated frames", cut("nyu_depth_v2_labeled.mat"), "labeled"),
    y("splits of text", text("splits.mat"), "splits.mat"),
    y("other variables", mat("splits.mat", x=1), "trainNdxs"),
    y("a frame that is not there", mat("splits.mat", trainNdxs=np.array([[9]]), testNdxs=np.array([[1]])), "frame 9"),
    y("frame 0", mat("splits.mat", trainNdxs=np.array([[0]]), testNdxs=np.array([[1]])), "frame 0"),
    y("depths of another size", lambda here: nyu(here, depths=(3, 64, 48)), "depths"),
    y("images of one channel", lambda here: nyu(here, images=(3, 1, 640, 480)), "images"),
    y("an unknown part", none, "val", part="val"),
    y("an empty part", none, "part", part=""),
    y("a frame in both splits", mat("splits.mat", trainNdxs=np.array([[1]]), testNdxs=np.array([[1]])), "both"),
    y("fractions of frames", mat("splits.mat", trainNdxs=np.array([[1.5]]), testNdxs=np.array([[1]])), "splits.mat"),
    y("no training frames", mat("splits.mat", trainNdxs=np.zeros((0, 1)), testNdxs=np.array([[1]])), "train"),
    d("no lists", gone("gt_sets"), "gt_sets"),
    d("depth of objects", array("depth/0.npy", np.array([{}], dtype=object)), "0.npy"),
    d("depth of another size", array("depth/0.npy", np.ones((9, 9))), "0.npy"),
    d("depth of text", text("depth/1.npy"), "1.npy"),
    d("normals of one channel", mask("normals/0.png"), "normals"),
    d("label 41", mask("segmentation/0.png", value=41), "label"),
    d("no edges", gone("edge/1.png"), "edge"),
    d("a list with a strange name", text("gt_sets/val.txt", "../1\n9\n"), "../1.png"),
    d("depth of complex numbers", array("depth/0.npy", np.ones((40, 48), complex)), "0.npy"),
    p("no parts", gone("human_parts/0.mat"), "human_parts"),
    p("parts of text", text("human_parts/0.mat"), "0.mat"),
    p("parts of another structure", mat("human_parts/0.mat", anno=3), "0.mat"),
    p("an unknown part", mat("human_parts/0.mat", anno={"objects": {"class_ind": 15, "parts": {"part_name": "wing", "mask": np.ones((40, 48))}}}), "wing"),
    p("a part of another size", mat("human_parts/0.mat", anno={"objects": {"class_ind": 15, "parts": {"part_name": "head", "mask": np.ones((4, 4))}}}), "0.mat"),
    p("classes of another size", mat("pascal-context/trainval/1.mat", LabelMap=np.ones((4, 4))), "1.mat"),
    p("no LabelMap", mat("pascal-context/trainval/1.mat", x=3), "LabelMap"),
    p("label 50", mask("semseg/VOC12/0.png", value=50), "label"),
    n("no folder", gone("toy/wild_set"), "annotations.json"),
    n("no such object", none, "annotations.json", objects="nothing"),
    n("a split that is none", none, "val2", split="val2"),
    n("truncated records", cut("toy/wild_set/annotations.json"), "annotations.json"),
    n("records of numbers", navi_rows(lambda r: [1, 2]), "annotations.json"),
    n("a quaternion of 0", navi_rows(lambda r: r[0]["camera"].update(q=[0, 0, 0, 0])), "annotations.json"),
    n("a quaternion of three", navi_rows(lambda r: r[0]["camera"].update(q=[1, 0, 0])), "annotations.json"),
    n("a focal length of 0", navi_rows(lambda r: r[0]["camera"].update(focal_length=0)), "focal_length"),
    n("a focal length of text", navi_rows(lambda r: r[0]["camera"].update(focal_length="wide")), "annotations.json"),
    n("a translation of NaN", navi_rows(lambda r: r[0]["camera"].update(t=[0, 0, float("nan")])), "annotations.json"),
    n("no size", navi_rows(lambda r: r[0].pop("image_size") and None), "annotations.json"),
    n("another size", navi_rows(lambda r: [row.update(image_size=[9, 9]) for row in r] and None), "0.png"),
    n("8-bit depth", mask("toy/wild_set/depth/0.png"), "0.png"),
    n("depth without an object", lambda here: Image.fromarray(np.zeros((40, 48), np.uint16)).save(here / "toy/wild_set/depth/1.png"), "1.png"),
    n("no depth", gone("toy/wild_set/depth/0.png"), "0.png"),
    n("a broken photo", cut("toy/wild_set/images/0.jpg"), "0.jpg"),
    n("size 0", none, "size", size=0),
    n("margin 0", none, "margin", margin=0),
    n("unit -1", none, "unit", unit=-1.0),
    n("grid 0", none, "grid", pairs=True, grid=0),
    n("a negative angle", none, "most", pairs=True, most=-1),
    n("each 0", none, "each", pairs=True, each=0),
    n("an unknown option", none, "spit", pairs=True, spit="val"),
    k("no photos", gone("JPEGImages"), "JPEGImages"),
    k("another split", none, "train", split="train"),
    k("a strange line", text("Layout/large/test.txt", "a-b\n"), "a-b"),
    k("an empty list", text("Layout/large/test.txt", ""), "test"),
    k("a pair that is missing", text("Layout/large/test.txt", "2-a-b:cat\n"), "2-a-b"),
    k("truncated pair", cut("PairAnnotation/test/1-a-b:cat.json"), "1-a-b"),
    k("other numbers of keypoints", pair(src_kps=[[1, 1]]), "keypoints"),
    k("keypoints of NaN", pair(src_kps=[[float("nan"), 1], [2, 2]]), "1-a-b"),
    k("keypoints of text", pair(src_kps=[["a", 1], [2, 2]]), "1-a-b"),
    k("a box of nothing", pair(trg_bndbox=[5, 5, 5, 5]), "1-a-b"),
    k("a size of 0", pair(trg_imsize=[0, 40, 3]), "1-a-b"),
    k("another size", pair(trg_imsize=[10, 10, 3]), "1-a-b"),
    k("an unknown class", none, "dog", category="dog"),
    k("an unknown measure", none, "height", measure="height"),
    k("a broken photo", cut("JPEGImages/cat/a.jpg"), "a.jpg"),
    detections("no list", {"a": 1}),
    detections("truncated", "[{"),
    detections("empty", "", "f.json"),
    detections("no boxes", []),
    detections("rows of numbers", [1, 2]),
    detections("no score", [{k: v for k, v in ROW.items() if k != "score"}]),
    detections("boxes of three", [ROW | {"bbox": [1, 2, 3]}]),
    detections("boxes of text", [ROW | {"bbox": "big"}]),
    detections("a box of NaN", [ROW | {"bbox": [float("nan"), 1, 2, 3]}]),
    detections("a negative box", [ROW | {"bbox": [1, 1, -2, 3]}]),
    detections("a score of text", [ROW | {"score": "high"}]),
    detections("a category of text", [ROW | {"category_id": "cat"}]),
    detections("other images", [ROW | {"image_id": 9}]),
    detections("ids of text", [ROW | {"image_id": "1"}]),
    detections("a category of half", [ROW | {"category_id": 1.5}]),
]
