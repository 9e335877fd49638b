package io.millrace.model;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A named tensor.
 *
 * @param datatype as the Open Inference Protocol writes it, {@code FP32} or {@code BYTES} for example
 * @param shape the first dimension counts the rows
 * @param content row by row; numbers little-endian, each element of {@code BYTES} after its length in 4 bytes
 */
public record Tensor(String name, String datatype, List<Long> shape, ByteString content) {

    public Tensor {
        shape = List.copyOf(shape);
    }

    /**
     * One number for each row.
     *
     * @throws IllegalArgumentException if it has other than this many numbers, or one that is not finite
     */
    public double[] numbers(int rows) {
        ByteBuffer buffer = content.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        int width = switch (datatype) {
            case "FP32" -> Float.BYTES;
            case "FP64" -> Double.BYTES;
            default -> throw new IllegalArgumentException(name + " is " + datatype + ", no number");
        };
        if (buffer.remaining() != rows * width) {
            throw new IllegalArgumentException(
                    name + " has " + buffer.remaining() / width + " numbers for " + rows + " rows");
        }
        double[] numbers = new double[rows];
        for (int i = 0; i < rows; i++) {
            numbers[i] = width == Float.BYTES ? buffer.getFloat() : buffer.getDouble();
            if (!Double.isFinite(numbers[i])) {
                throw new IllegalArgumentException(name + " is " + numbers[i] + " in row " + i);
            }
        }
        return numbers;
    }
}
