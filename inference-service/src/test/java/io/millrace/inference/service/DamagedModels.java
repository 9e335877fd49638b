package io.millrace.inference.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.inference.OnnxFile;
import io.millrace.inference.OnnxFile.Attribute;
import io.millrace.inference.TestModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Versions that must never answer, four of each kind, different by the seed. Their hashes are right: what is wrong with them was
 * wrong when they were made.
 */
final class DamagedModels {

    /** @param yaml its {@code model.yaml} */
    record Damaged(String kind, String yaml, byte[] model) {}

    private static final int OF_EACH_KIND = 4;
    private static final int HALF = 4; // bytes of a good file that are surely needed
    private static final String QUICK = "warm_up: {batch_limit: 1ms}\n";

    private final Random random;

    DamagedModels(long seed) {
        this.random = new Random(seed);
    }

    List<Damaged> all() {
        List<Damaged> all = new ArrayList<>();
        for (int i = 0; i < OF_EACH_KIND; i++) {
            byte[] good = OnnxFile.dense(2, 1, 1 + random.nextInt(9)).bytes();
            all.add(file("cut off", Arrays.copyOf(good, 1 + random.nextInt(good.length - HALF))));
            all.add(file("noise", noise(1 + random.nextInt(5000))));
            all.add(file("begins with noise", overwritten(good, 0, 8 + random.nextInt(20))));
            all.add(file(
                    "another format",
                    "PK\3\4{\"learner\": {}}".repeat(1 + random.nextInt(50)).getBytes(UTF_8)));
            all.add(file("unknown operator", dense("Gemm" + random.nextInt(100), "Relu", "y")));
            all.add(file(
                    "operator of an unknown library",
                    new OnnxFile()
                            .input("x", OnnxFile.FLOAT, 2)
                            .node("com.example", "Steal" + i, List.of("x"), List.of("y"))
                            .output("y", OnnxFile.FLOAT, 1)));
            all.add(file(
                    "an operator set of the future", OnnxFile.dense(2, 1, 1).operators(100 + random.nextInt(1000))));
            all.add(file("a format of the future", OnnxFile.dense(2, 1, 1).irVersion(100 + random.nextInt(1000))));
            all.add(file("a circle", dense("Gemm", "Relu", "z")));
            all.add(file(
                    "a missing constant",
                    new OnnxFile()
                            .input("x", OnnxFile.FLOAT, 2)
                            .node("MatMul", List.of("x", "w" + i), List.of("y"))
                            .output("y", OnnxFile.FLOAT, 1)));
            all.add(file("a constant without its bytes", matmul(new long[] {2, 1}, new byte[random.nextInt(8)])));
            all.add(file("a constant of 2^62 values", matmul(new long[] {2, 1L << (58 + i)}, new byte[8])));
            all.add(file("a constant of a negative size", matmul(new long[] {2, -1 - random.nextInt(9)}, new byte[8])));
            all.add(file(
                    "a constant in another file",
                    new OnnxFile()
                            .input("x", OnnxFile.FLOAT, 2)
                            .external(
                                    "w",
                                    new long[] {2, 1},
                                    List.of("/etc/hostname", "../../secret", "/proc/self/mem", "x")
                                            .get(i))
                            .node("MatMul", List.of("x", "w"), List.of("y"))
                            .output("y", OnnxFile.FLOAT, 1)));
            all.add(file("nested without end", nested(List.of(20, 60, 95, 2000).get(i))));
            all.add(file("other width", OnnxFile.dense(3 + random.nextInt(9), 1, 1)));
            all.add(file(
                    "other input",
                    new OnnxFile()
                            .input("x" + i, OnnxFile.FLOAT, 2)
                            .node("ReduceSum", List.of("x" + i), List.of("y"))
                            .output("y", OnnxFile.FLOAT, 1)));
            all.add(file("other output", dense("Gemm", "Relu", "out" + i)));
            all.add(file(
                    "other type",
                    OnnxFile.echo(
                            List.of(OnnxFile.DOUBLE, OnnxFile.INT64, OnnxFile.STRING, OnnxFile.BOOL)
                                    .get(i),
                            2)));
            all.add(file(
                    "rows that do not come back",
                    new OnnxFile()
                            .input("x", OnnxFile.FLOAT, 2)
                            .node(
                                    List.of("ReduceSum", "ReduceMax", "ReduceMean", "ReduceMin")
                                            .get(i),
                                    List.of("x"),
                                    List.of("y"))
                            .output("y", OnnxFile.FLOAT, 1)));
            all.add(file(
                    "no numbers",
                    new OnnxFile()
                            .input("x", OnnxFile.FLOAT, 2)
                            .node("Sub", List.of("x", "x"), List.of("zero"))
                            .node(
                                    List.of("Div", "Div", "Log", "Div").get(i),
                                    i == 2 ? List.of("zero") : List.of(i == 0 ? "zero" : "x", "zero"),
                                    List.of("y"))
                            .output("y", OnnxFile.FLOAT, 2)));
            all.add(file("memory without end", expanded(1L << (40 + 6 * i))));
            all.add(new Damaged(
                    "too slow",
                    TestModels.DENSE_YAML + QUICK,
                    repeated(20_000L * (1 + random.nextInt(3))).bytes()));
            all.add(file("time without end", repeated(0)));
            all.add(new Damaged(
                    "a description of something else",
                    TestModels.DENSE_YAML.replace(
                            List.of("onnx_onnxv1", "columns:", "name: y", "max_batch_size: 8")
                                    .get(i),
                            List.of("pickle", "colums:", "name: z", "max_batch_size: -8")
                                    .get(i)),
                    OnnxFile.dense(2, 1, 1).bytes()));
        }
        return all;
    }

    /** A good file with some of its bits turned: what it is worth, if anything, nobody can know. */
    byte[] turned() {
        byte[] model = OnnxFile.embedding(2, List.of("a", "b")).bytes();
        for (int i = random.nextInt(6); i >= 0; i--) {
            model[random.nextInt(model.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return model;
    }

    private static Damaged file(String kind, OnnxFile model) {
        return file(kind, model.bytes());
    }

    private static Damaged file(String kind, byte[] model) {
        return new Damaged(kind, TestModels.DENSE_YAML, model);
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] overwritten(byte[] model, int from, int length) {
        byte[] changed = model.clone();
        System.arraycopy(noise(length), 0, changed, from, length);
        changed[from] = (byte) 0xFF; // a field that no message of the format has
        return changed;
    }

    private static OnnxFile dense(String first, String second, String output) {
        return new OnnxFile()
                .input("x", OnnxFile.FLOAT, 2)
                .floats("w", new long[] {2, 1}, 1, 1)
                .node(first, List.of("x", output.equals("z") ? "y" : "w"), List.of("z"))
                .node(second, List.of("z"), List.of(output.equals("z") ? "y" : output))
                .output(output.equals("z") ? "y" : output, OnnxFile.FLOAT, 1);
    }

    private static OnnxFile matmul(long[] shape, byte[] bytes) {
        return new OnnxFile()
                .input("x", OnnxFile.FLOAT, 2)
                .constant("w", OnnxFile.FLOAT, shape, bytes)
                .node("MatMul", List.of("x", "w"), List.of("y"))
                .output("y", OnnxFile.FLOAT, 1);
    }

    /** Branches in branches, of which the innermost has an operator that does not exist. */
    private static OnnxFile nested(int depth) {
        OnnxFile inside = new OnnxFile()
                .node("NoSuchOperator", List.of("x"), List.of("y0"))
                .inner(false, "y0", OnnxFile.FLOAT);
        for (int i = 1; i <= depth; i++) {
            boolean outermost = i == depth;
            OnnxFile around = new OnnxFile();
            if (outermost) {
                around.input("x", OnnxFile.FLOAT, 2).constant("c", OnnxFile.BOOL, new long[0], new byte[] {1});
            }
            around.node(
                    "If",
                    List.of("c"),
                    List.of(outermost ? "y" : "y" + i),
                    Attribute.graph("then_branch", inside),
                    Attribute.graph(
                            "else_branch",
                            new OnnxFile()
                                    .node("Identity", List.of("x"), List.of("x" + i))
                                    .inner(false, "x" + i, OnnxFile.FLOAT)));
            inside = outermost ? around.output("y", OnnxFile.FLOAT, 1) : around.inner(false, "y" + i, OnnxFile.FLOAT);
        }
        return inside;
    }

    /** Spreads each row over so many values, and takes their sum. */
    private static OnnxFile expanded(long values) {
        return new OnnxFile()
                .input("x", OnnxFile.FLOAT, 2)
                .constant("shape", OnnxFile.INT64, new long[] {3}, longs(values / 4, 1, 2))
                .constant("axes", OnnxFile.INT64, new long[] {1}, longs(0))
                .node("Expand", List.of("x", "shape"), List.of("large"))
                .node("Exp", List.of("large"), List.of("larger"))
                .node("ReduceSum", List.of("larger", "axes"), List.of("y"), Attribute.number("keepdims", 0))
                .output("y", OnnxFile.FLOAT, 2);
    }

    /** Does nothing so many times; without end if the number is zero. */
    private static OnnxFile repeated(long times) {
        OnnxFile body = new OnnxFile()
                .scalar(true, "turn", OnnxFile.INT64)
                .scalar(true, "on", OnnxFile.BOOL)
                .inner(true, "v", OnnxFile.FLOAT)
                .node("Identity", List.of("on"), List.of("still"))
                .node("Neg", List.of("v"), List.of("w"))
                .scalar(false, "still", OnnxFile.BOOL)
                .inner(false, "w", OnnxFile.FLOAT);
        return new OnnxFile()
                .input("x", OnnxFile.FLOAT, 2)
                .constant("true", OnnxFile.BOOL, new long[0], new byte[] {1})
                .constant("times", OnnxFile.INT64, new long[0], longs(times))
                .node(
                        "Loop",
                        List.of(times == 0 ? "" : "times", "true", "x"),
                        List.of("y"),
                        Attribute.graph("body", body))
                .output("y", OnnxFile.FLOAT, 2);
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return bytes.array();
    }
}
