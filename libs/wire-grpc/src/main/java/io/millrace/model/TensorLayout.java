package io.millrace.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.millrace.model.ModelSignature.Input;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntFunction;

/** Lays out a model's inputs in the raw form of the Open Inference Protocol. */
public final class TensorLayout {

    private TensorLayout() {}

    /** A tensor of numbers that is being filled; zero where nothing was put. */
    public static final class Numbers {

        private final String name;
        private final int rows;
        private final int columns;
        private final byte[] bytes;
        private final ByteBuffer buffer;

        /** An {@code FP32} tensor of this shape. */
        public Numbers(String name, int rows, int columns) {
            this.name = name;
            this.rows = rows;
            this.columns = columns;
            this.bytes = new byte[rows * columns * Float.BYTES];
            this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Puts one number; one that no float holds is missing: in a model it would make the whole batch useless. */
        public void put(int row, int column, double number, double missing) {
            float value = (float) number;
            buffer.putFloat((row * columns + column) * Float.BYTES, Float.isFinite(value) ? value : (float) missing);
        }

        /** The tensor; nothing may be put afterwards. */
        public Tensor tensor() {
            return new Tensor(
                    name,
                    "FP32",
                    List.of((long) rows, (long) columns),
                    UnsafeByteOperations.unsafeWrap(bytes)); // nobody else has the array
        }
    }

    /** A {@code BYTES} tensor: the texts of each row, cut or padded to the input's width. */
    public static Tensor texts(Input.Texts input, int rows, IntFunction<List<String>> texts) {
        ByteString.Output out = ByteString.newOutput(rows * input.width() * 2 * Integer.BYTES);
        byte[] padding = input.padding().getBytes(UTF_8);
        for (int row = 0; row < rows; row++) {
            List<String> list = texts.apply(row);
            for (int i = 0; i < input.width(); i++) {
                write(i < list.size() ? list.get(i).getBytes(UTF_8) : padding, out);
            }
        }
        return new Tensor(input.name(), "BYTES", List.of((long) rows, (long) input.width()), out.toByteString());
    }

    private static void write(byte[] text, ByteString.Output out) {
        int length = text.length;
        out.write(length);
        out.write(length >>> 8);
        out.write(length >>> 16);
        out.write(length >>> 24);
        out.write(text, 0, length);
    }
}
