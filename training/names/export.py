"""Turn trained weights into the files that ship: `python -m training.names.export --weights FILE.pt`.

The graph is written by hand, because what matters here is what it costs: each layer is one product of eight-bit
numbers over a unit and its two neighbours. Embeddings are summed before it, also as eight-bit numbers.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from training.names.network import LABELS, REACHES, WIDTH, Network

_LEAN = 0.3
"""How much the score of «no name» is lowered; chosen on the part of KLUE to tune on."""
_TARGET = Path("haechi/gateway/classify/names")


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(value, name))
        return name

    def node(
        self, operation: str, inputs: list[str], output: str, domain: str = "", **options: object
    ) -> str:
        self.nodes.append(helper.make_node(operation, inputs, [output], domain=domain, **options))
        return output


def _eight_bits(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns in eight bits, each with its scale."""
    scale = (np.abs(weights).max(axis=0) / 127).astype(np.float32)
    return np.clip(np.round(weights / scale), -127, 127).astype(np.int8), scale


def meanings_of(network: Network) -> tuple[np.ndarray, np.float32]:
    """The embeddings in eight bits, and their scale."""
    table = network.table().detach().numpy()
    scale = np.float32(np.quantile(np.abs(table), 0.9999) / 127)
    return np.clip(np.round(table / scale), -127, 127).astype(np.int8), scale


def graph_of(network: Network) -> onnx.ModelProto:
    """The layers as a graph: sums of embeddings to scores of labels.

    The last row given stands for everything beyond the text; its share is kept at nothing. `around1` to `around8`
    say for each unit which rows stand that far before it, at it and behind it.
    """
    graph = _Graph()
    wide = graph.node("Cast", ["meanings"], "wide", to=TensorProto.FLOAT)
    x = graph.node("Mul", [wide, graph.constant("scale", np.array(meanings_of(network)[1]))], "x")
    shape = graph.constant("shape", np.array([-1, 3 * WIDTH], np.int64))
    for place, (layer, reach) in enumerate(zip(network.layers, REACHES, strict=True)):
        name = f"l{place}"
        quantised = [f"{name}{part}" for part in ("q", "s", "z")]
        graph.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], quantised))
        near = graph.node("Gather", [quantised[0], f"around{reach}"], name + "n", axis=0)
        around = graph.node("Reshape", [near, shape], name + "a")
        weights, scales = _eight_bits(layer.weight.detach().numpy().T)
        inputs = [
            around, graph.constant(f"w{place}", weights), quantised[1], graph.constant(f"s{place}", scales),
            quantised[2], graph.constant(f"z{place}", np.zeros(WIDTH, np.int8)),
            graph.constant(f"c{place}", layer.bias.detach().numpy()),
        ]  # fmt: skip
        made = graph.node("MatMulIntegerToFloat", inputs, name + "m", domain="com.microsoft")
        x = graph.node("Add", [x, graph.node("Relu", [made], name + "r")], name + "x")
        if place < len(REACHES) - 1:
            x = graph.node("Mul", [x, "inside"], name + "i")
    last = graph.constant("out", np.ascontiguousarray(network.out.weight.detach().numpy().T))
    product = graph.node("MatMul", [x, last], "product")
    bias = network.out.bias.detach().numpy().copy()
    bias[0] -= _LEAN
    graph.node("Add", [product, graph.constant("bias", bias)], "scores")
    inputs = [
        helper.make_tensor_value_info("meanings", TensorProto.INT16, ["units", WIDTH]),
        helper.make_tensor_value_info("inside", TensorProto.FLOAT, ["units", 1]),
        *(
            helper.make_tensor_value_info(f"around{reach}", TensorProto.INT32, ["units", 3])
            for reach in sorted(set(REACHES))
        ),
    ]
    outputs = [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["units", len(LABELS)])]
    body = helper.make_graph(graph.nodes, "names", inputs, outputs, list(graph.constants.values()))
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=9)


def main() -> None:
    """Write the file that ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=_TARGET)
    asked = parser.parse_args()
    network = Network()
    network.load_state_dict(torch.load(asked.weights))
    np.save(asked.out / "meanings.npy", meanings_of(network)[0])
    (asked.out / "layers.onnx").write_bytes(graph_of(network).SerializeToString())


if __name__ == "__main__":
    main()
