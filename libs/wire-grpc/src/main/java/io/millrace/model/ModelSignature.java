package io.millrace.model;

import java.util.List;
import java.util.Optional;

/**
 * What a model wants and gives.
 *
 * @param hash of the inputs; a version with other inputs refuses tensors that were made for these
 */
public record ModelSignature(String model, String hash, List<Input> inputs, List<Output> outputs) {

    private static final String SCORE = "score";

    public ModelSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** An input tensor and where its values come from. */
    public sealed interface Input {

        /** The tensor's name. */
        String name();

        /** {@code FP32} of shape rows × columns. */
        record Columns(String name, List<Column> columns) implements Input {
            public Columns {
                columns = List.copyOf(columns);
            }
        }

        /** {@code BYTES} of shape rows × width: a list of texts, cut or padded. */
        record Texts(String name, int width, Origin from, String padding) implements Input {}
    }

    /** One column and the number that stands in for a missing value. */
    public record Column(Origin from, double missing) {}

    /** The step of a pipeline and which of its values. */
    public record Origin(String step, String value) {

        /** Reads {@code step.value}. */
        public static Origin parse(String text) {
            int dot = text.indexOf('.');
            if (dot < 1) {
                throw new IllegalArgumentException("\"" + text + "\" is not step.value");
            }
            return new Origin(text.substring(0, dot), text.substring(dot + 1));
        }

        @Override
        public String toString() {
            return step + "." + value;
        }
    }

    /** An output tensor; a dimension of -1 may be any. */
    public record Output(String name, String datatype, List<Long> shape) {
        public Output {
            shape = List.copyOf(shape);
        }

        /** How many numbers there are for each row, or -1 for any. */
        public long width() {
            return shape.stream().skip(1).reduce(1L, (a, b) -> a < 0 || b < 0 ? -1 : a * b);
        }
    }

    /** The output of this name. */
    public Optional<Output> output(String name) {
        return outputs.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** The output that scores rows: {@code score}, or else the only one. */
    public Optional<Output> score() {
        return output(SCORE).or(() -> outputs.size() == 1 ? Optional.of(outputs.getFirst()) : Optional.empty());
    }
}
