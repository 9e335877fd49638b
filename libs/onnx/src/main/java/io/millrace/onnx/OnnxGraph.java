package io.millrace.onnx;

import com.google.protobuf.ByteString;
import io.millrace.onnx.proto.AttributeProto;
import io.millrace.onnx.proto.AttributeProto.AttributeType;
import io.millrace.onnx.proto.GraphProto;
import io.millrace.onnx.proto.ModelProto;
import io.millrace.onnx.proto.NodeProto;
import io.millrace.onnx.proto.OperatorSetIdProto;
import io.millrace.onnx.proto.TensorProto;
import io.millrace.onnx.proto.TensorProto.DataType;
import io.millrace.onnx.proto.TensorShapeProto;
import io.millrace.onnx.proto.TypeProto;
import io.millrace.onnx.proto.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Writes an ONNX model node by node. Every method that adds something returns the name of the tensor it makes, so that
 * a model reads like the formula it computes.
 *
 * <p>All tensors have a free first dimension, the batch. Operator set 17 and IR version 8: older than what the runtimes
 * read, so that older runtimes read them too. Only a graph that splits texts needs 20 and 9.
 */
public final class OnnxGraph {

    private static final long IR_VERSION = 8;
    private static final long OPERATORS = 17;
    private static final long SPLITTING_IR_VERSION = 9;
    private static final long SPLITTING_OPERATORS = 20;
    private static final String ML = "ai.onnx.ml";
    private static final long ML_OPERATORS = 2;

    private final GraphProto.Builder graph = GraphProto.newBuilder();

    private final String producer;
    private boolean splits;

    /** @param producer who makes the model */
    public OnnxGraph(String producer, String name) {
        this.producer = producer;
        graph.setName(name);
    }

    /** An input of numbers, {@code [batch, width]}. */
    public String numbers(String name, int width) {
        graph.addInput(tensor(name, DataType.FLOAT, width));
        return name;
    }

    /** An input of texts, {@code [batch, width]}. */
    public String texts(String name, int width) {
        graph.addInput(tensor(name, DataType.STRING, width));
        return name;
    }

    /** Trained numbers, row by row. */
    public String constant(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return constant(name, DataType.FLOAT, bytes, shape);
    }

    /** One axis, for the operators that take their axes as a tensor. */
    public String axis(String name, long axis) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, axis);
        return constant(name, DataType.INT64, bytes, 1);
    }

    /** The place of each text in {@code vocabulary}, counted from one; zero for a text that is not in it. */
    public String places(String texts, List<String> vocabulary) {
        AttributeProto.Builder keys = attribute("keys_strings", AttributeType.STRINGS);
        AttributeProto.Builder values = attribute("values_int64s", AttributeType.INTS);
        for (int i = 0; i < vocabulary.size(); i++) {
            keys.addStrings(ByteString.copyFromUtf8(vocabulary.get(i)));
            values.addInts(i + 1L);
        }
        return add(
                NodeProto.newBuilder()
                        .setOpType("LabelEncoder")
                        .setDomain(ML)
                        .addInput(texts)
                        .addAttribute(keys)
                        .addAttribute(values)
                        .addAttribute(
                                attribute("default_int64", AttributeType.INT).setI(0)),
                texts + "_places");
    }

    /**
     * The pieces between the spaces of each text, in one more dimension that is as long as the most pieces of a text; the
     * others are filled up with the empty text.
     */
    public String split(String texts) {
        splits = true;
        String pieces = texts + "_pieces";
        graph.addNode(NodeProto.newBuilder()
                .setOpType("StringSplit")
                .setName(pieces)
                .addInput(texts)
                .addOutput(pieces)
                .addOutput(texts + "_piece_counts"));
        return pieces;
    }

    /** One of the operators without attributes: {@code Add}, {@code Mul}, {@code MatMul}, {@code Relu}, ... */
    public String node(String operator, String output, String... inputs) {
        return add(NodeProto.newBuilder().setOpType(operator).addAllInput(List.of(inputs)), output);
    }

    /** A fully connected layer: {@code x * transpose(weight) + bias}. */
    public String linear(String output, String x, String weight, String bias) {
        return add(
                NodeProto.newBuilder()
                        .setOpType("Gemm")
                        .addAllInput(List.of(x, weight, bias))
                        .addAttribute(attribute("transB", AttributeType.INT).setI(1)),
                output);
    }

    /** The sum of what the trees say of each row, {@code [batch, 1]}; thresholds are compared as float32. */
    public String trees(String output, String x, TreeEnsemble ensemble) {
        AttributeProto.Builder treeIds = attribute("nodes_treeids", AttributeType.INTS);
        AttributeProto.Builder nodeIds = attribute("nodes_nodeids", AttributeType.INTS);
        AttributeProto.Builder features = attribute("nodes_featureids", AttributeType.INTS);
        AttributeProto.Builder modes = attribute("nodes_modes", AttributeType.STRINGS);
        AttributeProto.Builder values = attribute("nodes_values", AttributeType.FLOATS);
        AttributeProto.Builder whenTrue = attribute("nodes_truenodeids", AttributeType.INTS);
        AttributeProto.Builder whenFalse = attribute("nodes_falsenodeids", AttributeType.INTS);
        AttributeProto.Builder missing = attribute("nodes_missing_value_tracks_true", AttributeType.INTS);
        AttributeProto.Builder leafTrees = attribute("target_treeids", AttributeType.INTS);
        AttributeProto.Builder leafNodes = attribute("target_nodeids", AttributeType.INTS);
        AttributeProto.Builder targets = attribute("target_ids", AttributeType.INTS);
        AttributeProto.Builder weights = attribute("target_weights", AttributeType.FLOATS);
        for (int number = 0; number < ensemble.trees().size(); number++) {
            TreeEnsemble.Tree tree = ensemble.trees().get(number);
            for (int node = 0; node < tree.left().length; node++) {
                boolean leaf = tree.left()[node] == TreeEnsemble.LEAF;
                treeIds.addInts(number);
                nodeIds.addInts(node);
                features.addInts(leaf ? 0 : tree.feature()[node]);
                modes.addStrings(ByteString.copyFromUtf8(leaf ? "LEAF" : "BRANCH_LT"));
                values.addFloats(leaf ? 0 : tree.value()[node]);
                whenTrue.addInts(leaf ? 0 : tree.left()[node]);
                whenFalse.addInts(leaf ? 0 : tree.right()[node]);
                missing.addInts(!leaf && tree.missingLeft()[node] ? 1 : 0);
                if (leaf) {
                    leafTrees.addInts(number);
                    leafNodes.addInts(node);
                    targets.addInts(0);
                    weights.addFloats(tree.value()[node]);
                }
            }
        }
        return add(
                NodeProto.newBuilder()
                        .setOpType("TreeEnsembleRegressor")
                        .setDomain(ML)
                        .addInput(x)
                        .addAttribute(treeIds)
                        .addAttribute(nodeIds)
                        .addAttribute(features)
                        .addAttribute(modes)
                        .addAttribute(values)
                        .addAttribute(whenTrue)
                        .addAttribute(whenFalse)
                        .addAttribute(missing)
                        .addAttribute(leafTrees)
                        .addAttribute(leafNodes)
                        .addAttribute(targets)
                        .addAttribute(weights)
                        .addAttribute(
                                attribute("base_values", AttributeType.FLOATS).addFloats(ensemble.base()))
                        .addAttribute(attribute("n_targets", AttributeType.INT).setI(1)),
                output);
    }

    /** Declares a tensor of numbers, {@code [batch, width]}, to be a result. */
    public void output(String name, int width) {
        graph.addOutput(tensor(name, DataType.FLOAT, width));
    }

    /** The model file. */
    public byte[] toBytes() {
        return ModelProto.newBuilder()
                .setIrVersion(splits ? SPLITTING_IR_VERSION : IR_VERSION)
                .setProducerName(producer)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(splits ? SPLITTING_OPERATORS : OPERATORS))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(ML).setVersion(ML_OPERATORS))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private String constant(String name, DataType type, ByteBuffer bytes, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(bytes.rewind()));
        for (long dimension : shape) {
            tensor.addDims(dimension);
        }
        graph.addInitializer(tensor);
        return name;
    }

    private String add(NodeProto.Builder node, String output) {
        graph.addNode(node.setName(output).addOutput(output));
        return output;
    }

    private static AttributeProto.Builder attribute(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }

    private static ValueInfoProto tensor(String name, DataType type, int width) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(shape)))
                .build();
    }
}
