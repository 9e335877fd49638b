package io.millrace.inference.protocol;

import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.Tensor;
import io.millrace.inference.repository.ModelRepository;
import io.millrace.inference.repository.ModelVersions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The Open Inference Protocol over HTTP, for people and simple clients. */
@RestController
@RequestMapping("/v2")
final class HttpInferController {

    private static final String LATEST = "";

    private final Inference inference;
    private final ModelRepository repository;

    HttpInferController(Inference inference, ModelRepository repository) {
        this.inference = inference;
        this.repository = repository;
    }

    @GetMapping
    ServerMetadata server() {
        return ServerMetadata.current();
    }

    @GetMapping("/health/live")
    void live() {}

    @GetMapping("/health/ready")
    ResponseEntity<Void> ready() {
        return ready(repository.isScanned());
    }

    @GetMapping({"/models/{model}", "/models/{model}/versions/{version}"})
    InferJson.Model model(@PathVariable String model, @PathVariable(required = false) @Nullable String version) {
        return InferJson.Model.of(ModelMetadata.of(repository, model, orLatest(version)));
    }

    @GetMapping({"/models/{model}/ready", "/models/{model}/versions/{version}/ready"})
    ResponseEntity<Void> modelReady(
            @PathVariable String model, @PathVariable(required = false) @Nullable String version) {
        return ready(repository.isReady(model, orLatest(version)));
    }

    /** @param timeoutMs how long the caller waits */
    @PostMapping({"/models/{model}/infer", "/models/{model}/versions/{version}/infer"})
    InferJson.Response infer(
            @PathVariable String model,
            @PathVariable(required = false) @Nullable String version,
            @RequestHeader(name = "Request-Timeout-Ms", required = false) @Nullable Long timeoutMs,
            @RequestBody InferJson.Request request) {
        Inference.Answer answer = inference.infer(new Inference.Call(
                model,
                orLatest(version),
                signature(request),
                inputs(request),
                outputs(request),
                0,
                timeoutMs == null ? null : Duration.ofMillis(timeoutMs)));
        return new InferJson.Response(
                answer.version().model(),
                Integer.toString(answer.version().version()),
                request.id(),
                answer.version()
                        .definition()
                        .embeddingSpace(answer.version().version())
                        .<Map<String, Object>>map(space -> Map.of(ModelMetadata.EMBEDDING_SPACE, space))
                        .orElse(null),
                answer.outputs().stream().map(JsonTensorCodec::encode).toList());
    }

    /** All versions that are loaded or refused, as Triton's model repository extension lists them. */
    @PostMapping("/repository/index")
    List<InferJson.IndexEntry> index() {
        List<InferJson.IndexEntry> index = new ArrayList<>();
        for (ModelVersions model : repository.models()) {
            model.serving()
                    .keySet()
                    .forEach(version ->
                            index.add(new InferJson.IndexEntry(model.model(), version.toString(), "READY", "")));
            model.refused()
                    .forEach((version, refusal) -> index.add(new InferJson.IndexEntry(
                            model.model(), version.toString(), "UNAVAILABLE", refusal.reason())));
        }
        return index;
    }

    private static ResponseEntity<Void> ready(boolean ready) {
        return ResponseEntity.status(ready ? HttpStatus.OK : HttpStatus.BAD_REQUEST)
                .build();
    }

    private static String orLatest(@Nullable String version) {
        return version == null ? LATEST : version;
    }

    private static @Nullable String signature(InferJson.Request request) {
        Object signature =
                request.parameters() == null ? null : request.parameters().get(ModelMetadata.SIGNATURE);
        return signature == null ? null : signature.toString();
    }

    private static List<Tensor> inputs(InferJson.Request request) {
        if (request.inputs() == null) {
            throw new InvalidRequest("inputs is missing; send the model's inputs");
        }
        return request.inputs().stream().map(JsonTensorCodec::decode).toList();
    }

    private static List<String> outputs(InferJson.Request request) {
        List<String> names = new ArrayList<>();
        for (InferJson.RequestedOutput output :
                request.outputs() == null ? List.<InferJson.RequestedOutput>of() : request.outputs()) {
            if (output.name() == null) {
                throw new InvalidRequest("an entry of outputs has no name; send it");
            }
            names.add(output.name());
        }
        return names;
    }
}
