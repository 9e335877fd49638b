package io.millrace.inference.protocol;

import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.repository.ModelRepository;
import io.millrace.inference.repository.ModelRepository.State;
import io.millrace.inference.repository.RepositoryControl;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.json.JsonMapper;

/** Triton's model repository extension over HTTP: what there is, and loading and unloading for those who may. */
@RestController
@RequestMapping("/v2/repository")
final class HttpRepositoryController {

    private static final String UNLOAD_DEPENDENTS = "unload_dependents";

    private final ModelRepository repository;
    private final RepositoryControl control;
    private final AdminKey admin;
    private final JsonMapper mapper;

    HttpRepositoryController(ModelRepository repository, RepositoryControl control, AdminKey admin, JsonMapper mapper) {
        this.repository = repository;
        this.control = control;
        this.admin = admin;
        this.mapper = mapper;
    }

    @PostMapping("/index")
    List<RepositoryJson.Entry> index(HttpServletRequest request) {
        boolean onlyReady = ControlBody.read(request, RepositoryJson.IndexRequest.class, mapper)
                .map(filter -> Boolean.TRUE.equals(filter.ready()))
                .orElse(false);
        return repository.index().stream()
                .filter(entry -> !onlyReady || entry.state() == State.READY)
                .map(RepositoryJson.Entry::of)
                .toList();
    }

    @PostMapping("/models/{model}/load")
    void load(
            @PathVariable String model,
            @RequestHeader(name = AdminKey.HEADER, required = false) @Nullable String key,
            HttpServletRequest request) {
        requireAdmin(key);
        requireNothingSent(parameters(request));
        control.load(model);
    }

    @PostMapping("/models/{model}/unload")
    void unload(
            @PathVariable String model,
            @RequestHeader(name = AdminKey.HEADER, required = false) @Nullable String key,
            HttpServletRequest request) {
        requireAdmin(key);
        Map<String, Object> others = new HashMap<>(parameters(request));
        others.remove(UNLOAD_DEPENDENTS); // no model here depends on another
        requireNothingSent(others);
        control.unload(model);
    }

    private void requireAdmin(@Nullable String key) {
        String refusal = admin.refusal(key);
        if (refusal != null) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN, refusal);
        }
    }

    private Map<String, Object> parameters(HttpServletRequest request) {
        return ControlBody.read(request, RepositoryJson.ControlRequest.class, mapper)
                .map(sent -> sent.parameters() == null ? Map.<String, Object>of() : sent.parameters())
                .orElse(Map.of());
    }

    /** Models come from the repository alone: neither a file nor a description is taken from a caller. */
    static void requireNothingSent(Map<String, ?> parameters) {
        if (!parameters.isEmpty()) {
            throw new InvalidRequest("models and their descriptions come from the repository; leave out the parameters "
                    + parameters.keySet());
        }
    }
}
