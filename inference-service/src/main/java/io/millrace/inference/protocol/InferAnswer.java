package io.millrace.inference.protocol;

import io.millrace.inference.model.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers over HTTP: JSON, and behind it the bytes of the outputs that are to be binary. */
final class InferAnswer {

    static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private InferAnswer() {}

    /** @param isBinary whether the output with this name is */
    static ResponseEntity<byte[]> of(
            Inference.Answer answer, @Nullable String id, Predicate<String> isBinary, JsonMapper mapper) {
        List<Tensor> behind = answer.outputs().stream()
                .filter(output -> isBinary.test(output.name()))
                .toList();
        byte[] json = mapper.writeValueAsBytes(new InferJson.Response(
                answer.version().model(),
                Integer.toString(answer.version().version()),
                id,
                answer.version()
                        .definition()
                        .embeddingSpace(answer.version().version())
                        .<Map<String, Object>>map(space -> Map.of(ModelMetadata.EMBEDDING_SPACE, space))
                        .orElse(null),
                answer.outputs().stream()
                        .map(output -> behind.contains(output)
                                ? JsonTensorCodec.announce(output)
                                : JsonTensorCodec.encode(output))
                        .toList()));
        return behind.isEmpty()
                ? ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json)
                : ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_OCTET_STREAM)
                        .header(JSON_LENGTH, Integer.toString(json.length))
                        .body(join(json, behind));
    }

    private static byte[] join(byte[] json, List<Tensor> tensors) {
        int size =
                tensors.stream().mapToInt(tensor -> tensor.data().remaining()).reduce(json.length, Math::addExact);
        byte[] all = new byte[size];
        System.arraycopy(json, 0, all, 0, json.length);
        int at = json.length;
        for (Tensor tensor : tensors) {
            int length = tensor.data().remaining();
            tensor.data().get(all, at, length);
            at += length;
        }
        return all;
    }
}
