package io.millrace.inference.protocol;

import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tensors in JSON: values as numbers, booleans and strings, in nested or flat arrays; they are answered flat. */
final class JsonTensorCodec {

    private JsonTensorCodec() {}

    /** @throws InvalidRequest if something is missing, or a value is not of the datatype */
    static Tensor decode(InferJson.Input input) {
        String name = required("inputs", "name", input.name());
        Datatype datatype = GrpcTensorCodec.datatype(name, required(name, "datatype", input.datatype()));
        List<@Nullable Object> values = new ArrayList<>();
        flatten(required(name, "data", input.data()), values);
        try {
            return new Tensor(
                    name,
                    datatype,
                    new Shape(required(name, "shape", input.shape())),
                    RawValues.encode(datatype, values));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("\"%s\": %s".formatted(name, e.getMessage()));
        }
    }

    static InferJson.Output encode(Tensor output) {
        return new InferJson.Output(
                output.name(), output.shape().dimensions(), output.datatype().name(), RawValues.decode(output));
    }

    private static void flatten(List<?> from, List<@Nullable Object> to) {
        for (Object value : from) {
            if (value instanceof List<?> nested) {
                flatten(nested, to);
            } else {
                to.add(value);
            }
        }
    }

    private static <T> T required(String at, String key, @Nullable T value) {
        if (value == null) {
            throw new InvalidRequest("\"%s\" has no %s; send it".formatted(at, key));
        }
        return value;
    }
}
