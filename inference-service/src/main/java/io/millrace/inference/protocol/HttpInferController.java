package io.millrace.inference.protocol;

import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.Tensor;
import io.millrace.inference.repository.Lease;
import io.millrace.inference.repository.ModelRepository;
import io.millrace.inference.routing.RoutingFile;
import io.millrace.inference.routing.Target;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.json.JsonMapper;

/** The Open Inference Protocol over HTTP, for people and simple clients. */
@RestController
@RequestMapping("/v2")
final class HttpInferController {

    private static final String LATEST = "";

    private final Inference inference;
    private final ModelRepository repository;
    private final RoutingFile routing;
    private final HttpProperties limits;
    private final BodyBytes bodies;
    private final JsonMapper mapper;

    HttpInferController(
            Inference inference,
            ModelRepository repository,
            RoutingFile routing,
            HttpProperties limits,
            JsonMapper mapper) {
        this.inference = inference;
        this.repository = repository;
        this.routing = routing;
        this.limits = limits;
        this.bodies = new BodyBytes(limits.maxBytesInFlight().toBytes());
        this.mapper = mapper;
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
        return InferJson.Model.of(ModelMetadata.of(repository, routing.table(), model, orLatest(version)));
    }

    @GetMapping({"/models/{model}/ready", "/models/{model}/versions/{version}/ready"})
    ResponseEntity<Void> modelReady(
            @PathVariable String model, @PathVariable(required = false) @Nullable String version) {
        Target target = routing.table().main(model, orLatest(version));
        return ready(repository.isReady(target.model(), target.version()));
    }

    /** @param timeoutMs how long the caller waits */
    @PostMapping({"/models/{model}/infer", "/models/{model}/versions/{version}/infer"})
    ResponseEntity<byte[]> infer(
            @PathVariable String model,
            @PathVariable(required = false) @Nullable String version,
            @RequestHeader(name = "Request-Timeout-Ms", required = false) @Nullable String timeoutMs,
            HttpServletRequest request) {
        Duration timeout = timeoutMs == null ? null : timeout(timeoutMs);
        try (BodyBytes.Share _ = bodies.take(expectedBytes(request))) {
            return switch (body(request)) {
                case InferBody.Message message -> infer(model, orLatest(version), timeout, message);
                case InferBody.Raw raw -> infer(model, orLatest(version), timeout, raw);
            };
        }
    }

    private ResponseEntity<byte[]> infer(
            String model, String version, @Nullable Duration timeout, InferBody.Message message) {
        InferParameters parameters = message.parameters();
        Map<String, Boolean> binary = new LinkedHashMap<>();
        message.outputs()
                .forEach(output -> binary.put(String.valueOf(output.name()), parameters.isBinary(output.parameters())));
        Inference.Answer answer = inference.infer(
                new Inference.Call(
                        model,
                        version,
                        Objects.requireNonNullElse(message.json().id(), ""),
                        message.inputs(),
                        List.copyOf(binary.keySet()),
                        parameters,
                        timeout),
                CallerConnection::isClosed);
        return InferAnswer.of(
                answer, message.json().id(), output -> binary.getOrDefault(output, parameters.binaryOutputs()), mapper);
    }

    private ResponseEntity<byte[]> infer(String model, String version, @Nullable Duration timeout, InferBody.Raw raw) {
        Tensor input;
        Target target = routing.table().main(model, version);
        try (Lease lease = repository.acquire(target.model(), target.version())) {
            input = raw.input(lease.version().definition());
        }
        Inference.Answer answer = inference.infer(
                new Inference.Call(model, version, "", List.of(input), List.of(), InferParameters.none(), timeout),
                CallerConnection::isClosed);
        return InferAnswer.of(answer, null, _ -> true, mapper);
    }

    private InferBody body(HttpServletRequest request) {
        String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new ResponseStatusException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "send the body as it is, without the content coding " + coding);
        }
        int most = (int) limits.maxBodySize().toBytes();
        try {
            byte[] body = request.getInputStream().readNBytes(most + 1);
            if (body.length > most) {
                throw tooLarge();
            }
            return InferBody.parse(
                    body,
                    request.getHeader(InferAnswer.JSON_LENGTH),
                    (int) limits.maxJsonSize().toBytes(),
                    mapper);
        } catch (IOException _) {
            throw new InvalidRequest("the body ended early");
        }
    }

    /** What the body will take: at most the limit, where its length is not known before. */
    private long expectedBytes(HttpServletRequest request) {
        long most = limits.maxBodySize().toBytes();
        long length = request.getContentLengthLong();
        if (length > most) {
            throw tooLarge();
        }
        return length < 0 ? most : length;
    }

    private ResponseStatusException tooLarge() {
        return new ResponseStatusException(
                HttpStatus.CONTENT_TOO_LARGE,
                "a body may have %d bytes; send fewer rows"
                        .formatted(limits.maxBodySize().toBytes()));
    }

    private static Duration timeout(String millis) {
        try {
            long waits = Long.parseLong(millis.strip());
            if (waits >= 1) {
                return Duration.ofMillis(waits);
            }
        } catch (NumberFormatException _) {
            // falls through to the refusal
        }
        throw new InvalidRequest("the header Request-Timeout-Ms is a whole number of milliseconds, at least 1");
    }

    private static ResponseEntity<Void> ready(boolean ready) {
        return ResponseEntity.status(ready ? HttpStatus.OK : HttpStatus.BAD_REQUEST)
                .build();
    }

    private static String orLatest(@Nullable String version) {
        return version == null ? LATEST : version;
    }
}
