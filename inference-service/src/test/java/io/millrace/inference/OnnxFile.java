package io.millrace.inference;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/**
 * Writes small ONNX files, field by field of {@code onnx.proto3}, so that tests need neither Python nor stored binaries.
 * The numbers are those of the format's messages; see its source at github.com/onnx/onnx.
 */
public final class OnnxFile {

    public static final int FLOAT = 1;
    public static final int UINT8 = 2;
    public static final int INT8 = 3;
    public static final int UINT16 = 4;
    public static final int INT16 = 5;
    public static final int INT32 = 6;
    public static final int INT64 = 7;
    public static final int STRING = 8;
    public static final int BOOL = 9;
    public static final int FLOAT16 = 10;
    public static final int DOUBLE = 11;
    public static final int UINT32 = 12;
    public static final int UINT64 = 13;
    public static final int BFLOAT16 = 16;

    private static final long OPEN = -1;

    private final Message graph = new Message().text(2, "test");
    private int irVersion = 8;
    private int operators = 17;

    public OnnxFile irVersion(int version) {
        irVersion = version;
        return this;
    }

    /** The version of the operator set. */
    public OnnxFile operators(int version) {
        operators = version;
        return this;
    }

    /** An input or output of a graph inside, which says nothing of its shape. */
    public OnnxFile inner(boolean isInput, String name, int type) {
        Message tensor = new Message().number(1, type);
        graph.message(isInput ? 11 : 12, new Message().text(1, name).message(2, new Message().message(1, tensor)));
        return this;
    }

    /** A single value that a graph inside takes or gives. */
    public OnnxFile scalar(boolean isInput, String name, int type) {
        Message tensor = new Message().number(1, type).message(2, new Message());
        graph.message(isInput ? 11 : 12, new Message().text(1, name).message(2, new Message().message(1, tensor)));
        return this;
    }

    /** A constant whose bytes need not be those of its shape. */
    public OnnxFile constant(String name, int type, long[] shape, byte[] bytes) {
        Message tensor = new Message();
        Arrays.stream(shape).forEach(dimension -> tensor.number(1, dimension));
        graph.message(5, tensor.number(2, type).text(8, name).bytes(9, bytes));
        return this;
    }

    /** A constant whose values are in another file. */
    public OnnxFile external(String name, long[] shape, String location) {
        Message tensor = new Message();
        Arrays.stream(shape).forEach(dimension -> tensor.number(1, dimension));
        graph.message(
                5,
                tensor.number(2, FLOAT)
                        .text(8, name)
                        .message(13, new Message().text(1, "location").text(2, location))
                        .number(14, 1));
        return this;
    }

    /** An input of shape {@code [-1, width]}; a width of 0 makes it {@code [-1]}. */
    public OnnxFile input(String name, int type, long... row) {
        graph.message(11, value(name, type, row));
        return this;
    }

    public OnnxFile output(String name, int type, long... row) {
        graph.message(12, value(name, type, row));
        return this;
    }

    public OnnxFile floats(String name, long[] shape, float... values) {
        Message tensor = new Message();
        Arrays.stream(shape).forEach(dimension -> tensor.number(1, dimension));
        tensor.number(2, FLOAT);
        for (float value : values) {
            tensor.real(4, value);
        }
        graph.message(5, tensor.text(8, name));
        return this;
    }

    public OnnxFile node(String operation, List<String> inputs, List<String> outputs, Attribute... attributes) {
        return node("", operation, inputs, outputs, attributes);
    }

    /** @param domain empty, or {@code ai.onnx.ml} */
    public OnnxFile node(
            String domain, String operation, List<String> inputs, List<String> outputs, Attribute... attributes) {
        Message node = new Message();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        node.text(4, operation).text(7, domain);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.message);
        }
        graph.message(1, node);
        return this;
    }

    public byte[] bytes() {
        return new Message()
                .number(1, irVersion)
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, operators))
                .message(8, new Message().text(1, "ai.onnx.ml").number(2, 3))
                .bytes();
    }

    /** {@code y = relu(x · weight)}, where all weights are the same. */
    public static OnnxFile dense(int width, int outputs, float weight) {
        float[] weights = new float[width * outputs];
        Arrays.fill(weights, weight);
        return new OnnxFile()
                .input("x", FLOAT, width)
                .floats("w", new long[] {width, outputs}, weights)
                .node("Gemm", List.of("x", "w"), List.of("z"))
                .node("Relu", List.of("z"), List.of("y"))
                .output("y", FLOAT, outputs);
    }

    /** For each text in a row of {@code ids} its {@code vector} of two, and the mean of them; unknown texts count as zeros. */
    public static OnnxFile embedding(int width, List<String> vocabulary) {
        float[] table = new float[(vocabulary.size() + 1) * 2];
        for (int i = 0; i < vocabulary.size(); i++) {
            table[2 * (i + 1)] = i + 1;
            table[2 * (i + 1) + 1] = -(i + 1);
        }
        long[] numbers = new long[vocabulary.size()];
        Arrays.setAll(numbers, i -> i + 1);
        return new OnnxFile()
                .input("ids", STRING, width)
                .floats("table", new long[] {vocabulary.size() + 1, 2}, table)
                .node(
                        "ai.onnx.ml",
                        "LabelEncoder",
                        List.of("ids"),
                        List.of("numbers"),
                        Attribute.texts("keys_strings", vocabulary),
                        Attribute.numbers("values_int64s", numbers),
                        Attribute.number("default_int64", 0))
                .node("Gather", List.of("table", "numbers"), List.of("vectors"))
                .node(
                        "ReduceMean",
                        List.of("vectors"),
                        List.of("mean"),
                        Attribute.numbers("axes", 1),
                        Attribute.number("keepdims", 0))
                .node("Identity", List.of("ids"), List.of("echo"))
                .output("mean", FLOAT, 2)
                .output("numbers", INT64, width)
                .output("echo", STRING, width);
    }

    /** Gives {@code x}, of one width, back as {@code y}. */
    public static OnnxFile echo(int type, int width) {
        return new OnnxFile()
                .input("x", type, width)
                .node("Identity", List.of("x"), List.of("y"))
                .output("y", type, width);
    }

    private static Message value(String name, int type, long... row) {
        Message shape = new Message().message(1, dimension(OPEN));
        for (long size : row) {
            shape.message(1, dimension(size));
        }
        Message tensor = new Message().number(1, type).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    private static Message dimension(long size) {
        return size == OPEN ? new Message().text(2, "rows") : new Message().number(1, size);
    }

    /** A node's setting. */
    public static final class Attribute {

        private final Message message;

        private Attribute(Message message) {
            this.message = message;
        }

        public static Attribute number(String name, long value) {
            return new Attribute(new Message().text(1, name).number(3, value).number(20, 2));
        }

        public static Attribute numbers(String name, long... values) {
            Message message = new Message().text(1, name);
            Arrays.stream(values).forEach(value -> message.number(8, value));
            return new Attribute(message.number(20, 7));
        }

        /** A graph inside, of a loop or a branch. */
        public static Attribute graph(String name, OnnxFile inside) {
            return new Attribute(
                    new Message().text(1, name).message(6, inside.graph).number(20, 5));
        }

        public static Attribute texts(String name, List<String> values) {
            Message message = new Message().text(1, name);
            values.forEach(value -> message.text(9, value));
            return new Attribute(message.number(20, 8));
        }
    }

    private static final class Message {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

        Message number(int field, long value) {
            return write(() -> out.writeInt64(field, value));
        }

        Message real(int field, float value) {
            return write(() -> out.writeFloat(field, value));
        }

        Message text(int field, String value) {
            return write(() -> out.writeBytes(field, ByteString.copyFrom(value, UTF_8)));
        }

        Message bytes(int field, byte[] value) {
            return write(() -> out.writeByteArray(field, value));
        }

        Message message(int field, Message value) {
            return write(() -> out.writeByteArray(field, value.bytes()));
        }

        byte[] bytes() {
            write(out::flush);
            return bytes.toByteArray();
        }

        private Message write(Step step) {
            try {
                step.run();
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private interface Step {
            void run() throws IOException;
        }
    }
}
