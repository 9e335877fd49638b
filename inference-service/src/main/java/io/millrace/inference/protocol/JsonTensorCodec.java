package io.millrace.inference.protocol;

import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tensors in JSON: values as numbers, booleans and strings, in nested or flat arrays; they are answered flat. */
final class JsonTensorCodec {

    private JsonTensorCodec() {}

    /** @throws InvalidRequest if something is missing, or a value is not of the datatype */
    static Tensor decode(InferJson.Input input) {
        String name = required("inputs", "name", input.name());
        Datatype datatype = GrpcTensorCodec.datatype(name, required(name, "datatype", input.datatype()));
        if (datatype.isRawOnly()) {
            throw new InvalidRequest(
                    "\"%s\": %s has no form in JSON; send binary_data_size and the bytes".formatted(name, datatype));
        }
        List<@Nullable Object> values = new ArrayList<>();
        flatten(required(name, "data", input.data()), values);
        try {
            return new Tensor(name, datatype, shape(name, input), RawValues.encode(datatype, values));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("\"%s\": %s".formatted(name, e.getMessage()));
        }
    }

    /**
     * A tensor whose bytes follow the JSON.
     *
     * @throws InvalidRequest if something is missing, or the bytes are not those of such a tensor
     */
    static Tensor decode(InferJson.Input input, ByteBuffer bytes) {
        String name = required("inputs", "name", input.name());
        if (input.data() != null) {
            throw new InvalidRequest("\"%s\" has data beside binary_data_size; send one of them".formatted(name));
        }
        Datatype datatype = GrpcTensorCodec.datatype(name, required(name, "datatype", input.datatype()));
        return new Tensor(name, datatype, shape(name, input), bytes);
    }

    /**
     * Not-a-number and the infinities, which JSON does not have, are answered as strings.
     *
     * @throws InvalidRequest if the datatype has no form in JSON
     */
    static InferJson.Output encode(Tensor output) {
        if (output.datatype().isRawOnly()) {
            throw new InvalidRequest("the output \"%s\" is %s, which has no form in JSON; ask for binary_data"
                    .formatted(output.name(), output.datatype()));
        }
        return new InferJson.Output(
                output.name(), output.shape().dimensions(), output.datatype().name(), null, RawValues.decode(output));
    }

    /** A tensor whose bytes will follow the JSON. */
    static InferJson.Output announce(Tensor output) {
        return new InferJson.Output(
                output.name(),
                output.shape().dimensions(),
                output.datatype().name(),
                Map.of(InferParameters.BINARY_DATA_SIZE, output.data().remaining()),
                null);
    }

    private static Shape shape(String name, InferJson.Input input) {
        List<@Nullable Long> dimensions = required(name, "shape", input.shape());
        List<Long> sizes = new ArrayList<>();
        for (Long dimension : dimensions) {
            sizes.add(required(name, "size in an entry of shape", dimension));
        }
        return new Shape(sizes);
    }

    private static void flatten(List<?> from, List<@Nullable Object> to) {
        for (Object value : from) {
            if (value instanceof List<?> nested) {
                flatten(nested, to);
            } else if (value instanceof Double number && number.isInfinite()) {
                throw new InvalidRequest("a number in data is too large; send one that FP64 can hold");
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
