package io.millrace.inference.protocol;

import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of an infer request over HTTP: JSON alone, or JSON of which the header {@code Inference-Header-Content-Length}
 * tells the length, followed by the bytes of those tensors that have a {@code binary_data_size}, or, when that length is zero,
 * nothing but the bytes of the only input.
 *
 * <p>Source: Triton's binary tensor data extension.
 */
sealed interface InferBody {

    /** @param bytes behind the JSON */
    record Message(InferJson.Request json, ByteBuffer bytes) implements InferBody {

        /** @throws InvalidRequest if the JSON and the bytes contradict each other */
        List<Tensor> inputs() {
            if (json.inputs() == null) {
                throw new InvalidRequest("inputs is missing; send the model's inputs");
            }
            ByteBuffer rest = bytes.duplicate();
            List<Tensor> tensors = new ArrayList<>();
            for (InferJson.Input input : json.inputs()) {
                if (input == null) {
                    throw new InvalidRequest("an entry of inputs is null; send an input, or leave it out");
                }
                int size = InferParameters.binarySize(input.parameters());
                tensors.add(size < 0 ? JsonTensorCodec.decode(input) : JsonTensorCodec.decode(input, take(rest, size)));
            }
            if (rest.hasRemaining()) {
                throw new InvalidRequest("the last %d bytes belong to no input; say binary_data_size for each tensor"
                        .formatted(rest.remaining()));
            }
            return tensors;
        }

        List<InferJson.RequestedOutput> outputs() {
            List<InferJson.RequestedOutput> wanted = new ArrayList<>();
            for (InferJson.RequestedOutput output :
                    Objects.requireNonNullElse(json.outputs(), List.<InferJson.@Nullable RequestedOutput>of())) {
                if (output == null || output.name() == null) {
                    throw new InvalidRequest("an entry of outputs has no name; send it");
                }
                wanted.add(output);
            }
            return wanted;
        }

        InferParameters parameters() {
            return InferParameters.of(Objects.requireNonNullElse(json.parameters(), Map.<String, Object>of()));
        }

        private static ByteBuffer take(ByteBuffer rest, int size) {
            if (size > rest.remaining()) {
                throw new InvalidRequest(
                        "a binary_data_size of %d is more than the %d bytes that are left behind the JSON"
                                .formatted(size, rest.remaining()));
            }
            ByteBuffer taken = rest.slice(rest.position(), size);
            rest.position(rest.position() + size);
            return taken;
        }
    }

    /** The only input, one row of it. */
    record Raw(ByteBuffer bytes) implements InferBody {

        /** @throws InvalidRequest if the model has several inputs, or the bytes are not a row of the only one */
        Tensor input(ModelDefinition model) {
            if (model.inputs().size() != 1) {
                throw new InvalidRequest("the model has %d inputs; without JSON only one can be sent"
                        .formatted(model.inputs().size()));
            }
            ModelDefinition.Input input = model.inputs().getFirst();
            if (input.datatype() == Datatype.BYTES) {
                byte[] element = new byte[bytes.remaining()];
                bytes.duplicate().get(element);
                return new Tensor(
                        input.name(), input.datatype(), Shape.of(1, 1), RawValues.encodeBytes(List.of(element)));
            }
            long width = input.width() == Shape.VARIABLE
                    ? bytes.remaining() / input.datatype().width()
                    : input.width();
            return new Tensor(input.name(), input.datatype(), Shape.of(1, width), bytes);
        }
    }

    /**
     * @param jsonLength what {@code Inference-Header-Content-Length} says, or {@code null} if it is not there
     * @param maxJson bytes of JSON that are taken
     * @throws InvalidRequest if it is no JSON, or has other fields, or the length is not that of a part of the body
     */
    static InferBody parse(byte[] body, @Nullable String jsonLength, int maxJson, JsonMapper mapper) {
        int length = jsonLength == null ? body.length : length(jsonLength, body.length);
        if (length == 0 && jsonLength != null) {
            return new Raw(ByteBuffer.wrap(body));
        }
        if (length > maxJson) {
            throw new InvalidRequest("%d bytes of JSON are more than the %d that are taken; send tensors as binary data"
                    .formatted(length, maxJson));
        }
        try {
            InferJson.Request json = mapper.readValue(body, 0, length, InferJson.Request.class);
            if (json == null) {
                throw new InvalidRequest("the body is null; send an object");
            }
            return new Message(
                    json, ByteBuffer.wrap(body, length, body.length - length).slice());
        } catch (JacksonException e) {
            throw new InvalidRequest(JsonReason.of(e));
        }
    }

    private static int length(String header, int most) {
        try {
            int length = Integer.parseInt(header.strip());
            if (length >= 0 && length <= most) {
                return length;
            }
        } catch (NumberFormatException _) {
            // refused below, like any other number that cannot be
        }
        throw new InvalidRequest(
                "Inference-Header-Content-Length is \"%s\"; send how many of the body's %d bytes are JSON"
                        .formatted(header, most));
    }
}
