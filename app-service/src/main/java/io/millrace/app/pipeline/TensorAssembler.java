package io.millrace.app.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.millrace.app.inference.ModelSignature.Column;
import io.millrace.app.inference.ModelSignature.Input;
import io.millrace.app.inference.ModelSignature.Origin;
import io.millrace.app.inference.Tensor;
import io.millrace.app.pipeline.StepResult.Candidates;
import io.millrace.app.pipeline.StepResult.Row;
import io.millrace.app.pipeline.StepResult.Rows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Makes a model's inputs of what the steps before it gave. A value of the request's entity is the same in every row; a
 * missing number becomes the column's default.
 */
final class TensorAssembler {

    private static final String SCORE = "score";

    private TensorAssembler() {}

    /**
     * The inputs in the raw form of the Open Inference Protocol.
     *
     * @param values the results of the steps that the inputs name
     * @param rows the candidates that the rows stand for; {@code {0}} for a single row
     * @throws IllegalArgumentException if a step has no such value, or one of another type
     */
    static List<Tensor> assemble(List<Input> inputs, Map<String, StepResult> values, int[] rows) {
        List<Tensor> tensors = new ArrayList<>(inputs.size());
        for (Input input : inputs) {
            tensors.add(
                    switch (input) {
                        case Input.Columns columns -> numbers(columns, values, rows);
                        case Input.Texts texts -> texts(texts, values, rows);
                    });
        }
        return tensors;
    }

    private static Tensor numbers(Input.Columns input, Map<String, StepResult> values, int[] rows) {
        int columns = input.columns().size();
        byte[] bytes = new byte[rows.length * columns * Float.BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int column = 0; column < columns; column++) {
            fill(buffer, column, columns, input.columns().get(column), values, rows);
        }
        return new Tensor(
                input.name(),
                "FP32",
                List.of((long) rows.length, (long) columns),
                UnsafeByteOperations.unsafeWrap(bytes)); // nobody else has the array
    }

    private static void fill(
            ByteBuffer buffer, int column, int columns, Column from, Map<String, StepResult> values, int[] rows) {
        String name = from.from().value();
        switch (value(from.from(), values)) {
            case Row(var features) -> {
                float number = finite(features.number(name, 0, from.missing()), from);
                for (int i = 0; i < rows.length; i++) {
                    buffer.putFloat((i * columns + column) * Float.BYTES, number);
                }
            }
            case Rows all -> {
                for (int i = 0; i < rows.length; i++) {
                    buffer.putFloat(
                            (i * columns + column) * Float.BYTES,
                            finite(all.features().number(name, rows[i], from.missing()), from));
                }
            }
            case Candidates(var list)
            when name.equals(SCORE) -> {
                for (int i = 0; i < rows.length; i++) {
                    buffer.putFloat((i * columns + column) * Float.BYTES, (float)
                            list.get(rows[i]).score());
                }
            }
            default -> throw new IllegalArgumentException(from.from() + " is no number of the pipeline");
        }
    }

    /** A number that no float holds is missing: in a model it would make every score of the batch useless. */
    private static float finite(double number, Column from) {
        float value = (float) number;
        return Float.isFinite(value) ? value : (float) from.missing();
    }

    private static Tensor texts(Input.Texts input, Map<String, StepResult> values, int[] rows) {
        Origin from = input.from();
        IntFunction<List<String>> texts = switch (value(from, values)) {
            case Row(var features) -> _ -> features.texts(from.value(), 0);
            case Rows all -> row -> all.features().texts(from.value(), row);
            default -> throw new IllegalArgumentException(from + " is no list of the pipeline");
        };
        ByteString.Output out = ByteString.newOutput(rows.length * input.width() * 2 * Integer.BYTES);
        byte[] padding = input.padding().getBytes(UTF_8);
        for (int row : rows) {
            List<String> list = texts.apply(row);
            for (int i = 0; i < input.width(); i++) {
                write(i < list.size() ? list.get(i).getBytes(UTF_8) : padding, out);
            }
        }
        return new Tensor(input.name(), "BYTES", List.of((long) rows.length, (long) input.width()), out.toByteString());
    }

    private static void write(byte[] text, ByteString.Output out) {
        int length = text.length;
        out.write(length);
        out.write(length >>> 8);
        out.write(length >>> 16);
        out.write(length >>> 24);
        out.write(text, 0, length);
    }

    private static StepResult value(Origin from, Map<String, StepResult> values) {
        StepResult value = values.get(from.step());
        if (value == null) {
            throw new IllegalArgumentException("the model wants " + from + ", which the step's inputs do not have");
        }
        return value;
    }
}
