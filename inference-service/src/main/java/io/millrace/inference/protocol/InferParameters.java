package io.millrace.inference.protocol;

import inference.InferParameter;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request says beside its inputs. Parameters that are not known here are let pass, as the protocol demands, except those
 * that would change what the answer means.
 *
 * @param signature of the columns the inputs were made for, if the caller knows it
 * @param routingKey keeps a caller at the same version while versions share the traffic
 * @param priority 1 is the highest; 0 leaves it to the model
 * @param timeout how long the caller waits, or {@code null} if it did not say
 * @param binaryOutputs whether outputs are to be binary that do not say otherwise
 */
record InferParameters(
        @Nullable String signature,
        @Nullable String routingKey,
        int priority,
        @Nullable Duration timeout,
        boolean binaryOutputs) {

    static final String BINARY_DATA_SIZE = "binary_data_size";

    private static final String BINARY_DATA = "binary_data";
    private static final String BINARY_DATA_OUTPUT = "binary_data_output";
    private static final String CLASSIFICATION = "classification";
    private static final String PRIORITY = "priority";
    private static final String ROUTING_KEY = "routing_key";
    private static final String TIMEOUT = "timeout"; // microseconds
    private static final String[] SEQUENCE = {"sequence_id", "sequence_start", "sequence_end"};

    /** What a request without parameters says. */
    static InferParameters none() {
        return of(Map.of());
    }

    static InferParameters ofMessage(Map<String, InferParameter> parameters) {
        Map<String, @Nullable Object> values = new HashMap<>();
        parameters.forEach((name, value) -> values.put(name, value(name, value)));
        return of(values);
    }

    static InferParameters of(Map<String, ? extends @Nullable Object> parameters) {
        for (String name : SEQUENCE) {
            Object value = parameters.get(name);
            if (value != null && !value.equals(0) && !value.equals(0L) && !value.equals(false) && !value.equals("")) {
                throw new InvalidRequest(
                        "the parameter \"%s\" is for models that keep state; none here does, leave it out"
                                .formatted(name));
            }
        }
        long timeoutMicros = count(parameters, TIMEOUT, Long.MAX_VALUE);
        return new InferParameters(
                text(parameters, ModelMetadata.SIGNATURE),
                text(parameters, ROUTING_KEY),
                (int) count(parameters, PRIORITY, Integer.MAX_VALUE),
                // Zero is the model's own, as for Triton.
                timeoutMicros == 0 ? null : Duration.of(timeoutMicros, ChronoUnit.MICROS),
                flag(parameters, BINARY_DATA_OUTPUT, false));
    }

    /** Whether an output with these parameters is to be binary. */
    boolean isBinary(@Nullable Map<String, ? extends @Nullable Object> output) {
        if (output == null) {
            return binaryOutputs;
        }
        if (output.containsKey(CLASSIFICATION)) {
            throw new InvalidRequest("the parameter \"classification\" is not served; ask for the output itself");
        }
        return flag(output, BINARY_DATA, binaryOutputs);
    }

    /** The earlier of the two limits, where {@code null} is none. */
    static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        return one == null || (other != null && other.compareTo(one) < 0) ? other : one;
    }

    /** The bytes of a tensor that follow the JSON, or -1 if it says nothing of them. */
    static int binarySize(@Nullable Map<String, ? extends @Nullable Object> input) {
        return input == null || !input.containsKey(BINARY_DATA_SIZE)
                ? -1
                : (int) count(input, BINARY_DATA_SIZE, Integer.MAX_VALUE);
    }

    private static @Nullable Object value(String name, InferParameter parameter) {
        return switch (parameter.getParameterChoiceCase()) {
            case BOOL_PARAM -> parameter.getBoolParam();
            case INT64_PARAM -> parameter.getInt64Param();
            case STRING_PARAM -> parameter.getStringParam();
            case DOUBLE_PARAM -> parameter.getDoubleParam();
            case UINT64_PARAM -> parameter.getUint64Param(); // negative if it is larger than a long
            case PARAMETERCHOICE_NOT_SET ->
                throw new InvalidRequest("the parameter \"%s\" has no value".formatted(name));
        };
    }

    private static @Nullable String text(Map<String, ? extends @Nullable Object> parameters, String name) {
        Object value = parameters.get(name);
        if (value != null && !(value instanceof String)) {
            throw new InvalidRequest("the parameter \"%s\" is a string".formatted(name));
        }
        return (String) value;
    }

    private static boolean flag(Map<String, ? extends @Nullable Object> parameters, String name, boolean otherwise) {
        Object value = parameters.get(name);
        if (value != null && !(value instanceof Boolean)) {
            throw new InvalidRequest("the parameter \"%s\" is true or false".formatted(name));
        }
        return value == null ? otherwise : (Boolean) value;
    }

    private static long count(Map<String, ? extends @Nullable Object> parameters, String name, long most) {
        Object value = Objects.requireNonNullElse(parameters.get(name), 0);
        long count = value instanceof Integer || value instanceof Long ? ((Number) value).longValue() : -1;
        if (count < 0 || count > most) {
            throw new InvalidRequest(
                    "the parameter \"%s\" is a whole number from 0 to %d; got %s".formatted(name, most, value));
        }
        return count;
    }
}
