package io.millrace.inference.repository;

import io.millrace.inference.model.InferenceRequest;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInputs;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows that a trainer puts beside its model, with what it knows the model to answer, for example
 *
 * <pre>
 * {"inputs": {"x": [[1, 2], [3, 4]]}, "outputs": {"score": [[0.21], [0.43]]}, "tolerance": 0.0001}
 * </pre>
 *
 * @param inputs by name, each a list of rows
 * @param outputs what is expected of some or all outputs; may be absent
 * @param tolerance how far an expected number may be off, as a part of it or, below one, absolutely
 */
record Samples(
        @Nullable Map<String, List<?>> inputs,
        @Nullable Map<String, List<?>> outputs,
        @Nullable Double tolerance) {

    private static final double USUAL_TOLERANCE = 1e-4;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** @throws RefusedModelException if that is not what it is */
    static Samples parse(String file, byte[] json) throws RefusedModelException {
        try {
            Samples samples = MAPPER.readValue(json, Samples.class);
            if (samples == null || samples.inputs() == null) {
                throw new RefusedModelException(file + ": has no inputs");
            }
            return samples;
        } catch (JacksonException e) {
            throw new RefusedModelException("%s: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }

    /** @throws IllegalArgumentException if a value is not of its datatype */
    ModelInputs rows(ModelDefinition definition) {
        List<Tensor> tensors = new ArrayList<>();
        Map<String, List<?>> open = new TreeMap<>();
        if (inputs != null) {
            open.putAll(inputs);
        }
        for (ModelDefinition.Input input : definition.inputs()) {
            List<?> rows = open.remove(input.name());
            if (rows != null && !rows.isEmpty()) {
                List<@Nullable Object> values = flat(rows);
                tensors.add(new Tensor(
                        input.name(),
                        input.datatype(),
                        Shape.of(rows.size(), values.size() / rows.size()),
                        RawValues.encode(input.datatype(), values)));
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("the model has no input " + open.keySet());
        }
        return ModelInputs.of(definition, new InferenceRequest(tensors, null, 0, 0));
    }

    /** @throws RefusedModelException if an output is not what was expected */
    void compare(List<Tensor> answers) throws RefusedModelException {
        if (outputs == null) {
            return;
        }
        for (Map.Entry<String, List<?>> expected : outputs.entrySet()) {
            List<@Nullable Object> wanted = flat(expected.getValue());
            List<Object> given = answers.stream()
                    .filter(answer -> answer.name().equals(expected.getKey()))
                    .findFirst()
                    .map(RawValues::decode)
                    .orElse(List.of());
            if (given.size() != wanted.size()) {
                throw new RefusedModelException("samples: the output \"%s\" has %d values, expected are %d"
                        .formatted(expected.getKey(), given.size(), wanted.size()));
            }
            for (int i = 0; i < given.size(); i++) {
                if (!isClose(given.get(i), wanted.get(i))) {
                    throw new RefusedModelException("samples: value %d of the output \"%s\" is %s, expected is %s"
                            .formatted(i, expected.getKey(), given.get(i), wanted.get(i)));
                }
            }
        }
    }

    private boolean isClose(Object given, @Nullable Object wanted) {
        if (given instanceof Number one && wanted instanceof Number other) {
            double most = tolerance == null ? USUAL_TOLERANCE : tolerance;
            return Math.abs(one.doubleValue() - other.doubleValue())
                    <= most * Math.max(1, Math.abs(other.doubleValue()));
        }
        return given.equals(wanted);
    }

    private static List<@Nullable Object> flat(List<?> rows) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Object row : rows) {
            if (row instanceof List<?> inner) {
                values.addAll(flat(inner));
            } else {
                values.add(row);
            }
        }
        return values;
    }
}
