package io.millrace.app.pipeline;

import io.millrace.app.pipeline.StepResult.Candidates;
import io.millrace.app.pipeline.StepResult.Row;
import io.millrace.app.pipeline.StepResult.Rows;
import io.millrace.model.ModelSignature.Column;
import io.millrace.model.ModelSignature.Input;
import io.millrace.model.ModelSignature.Origin;
import io.millrace.model.Tensor;
import io.millrace.model.TensorLayout;
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
        TensorLayout.Numbers numbers = new TensorLayout.Numbers(
                input.name(), rows.length, input.columns().size());
        for (int column = 0; column < input.columns().size(); column++) {
            fill(numbers, column, input.columns().get(column), values, rows);
        }
        return numbers.tensor();
    }

    private static void fill(
            TensorLayout.Numbers numbers, int column, Column from, Map<String, StepResult> values, int[] rows) {
        String name = from.from().value();
        double missing = from.missing();
        switch (value(from.from(), values)) {
            case Row(var features) -> {
                double number = features.number(name, 0, missing);
                for (int i = 0; i < rows.length; i++) {
                    numbers.put(i, column, number, missing);
                }
            }
            case Rows all -> {
                for (int i = 0; i < rows.length; i++) {
                    numbers.put(i, column, all.features().number(name, rows[i], missing), missing);
                }
            }
            case Candidates(var list)
            when name.equals(SCORE) -> {
                for (int i = 0; i < rows.length; i++) {
                    numbers.put(i, column, list.get(rows[i]).score(), missing);
                }
            }
            default -> throw new IllegalArgumentException(from.from() + " is no number of the pipeline");
        }
    }

    private static Tensor texts(Input.Texts input, Map<String, StepResult> values, int[] rows) {
        Origin from = input.from();
        IntFunction<List<String>> texts = switch (value(from, values)) {
            case Row(var features) -> _ -> features.texts(from.value(), 0);
            case Rows all -> row -> all.features().texts(from.value(), rows[row]);
            default -> throw new IllegalArgumentException(from + " is no list of the pipeline");
        };
        return TensorLayout.texts(input, rows.length, texts);
    }

    private static StepResult value(Origin from, Map<String, StepResult> values) {
        StepResult value = values.get(from.step());
        if (value == null) {
            throw new IllegalArgumentException("the model wants " + from + ", which the step's inputs do not have");
        }
        return value;
    }
}
