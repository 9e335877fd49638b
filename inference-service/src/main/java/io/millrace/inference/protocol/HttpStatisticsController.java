package io.millrace.inference.protocol;

import io.millrace.inference.repository.ModelRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Triton's statistics extension over HTTP. */
@RestController
@RequestMapping("/v2/models")
final class HttpStatisticsController {

    private final ModelRepository repository;

    HttpStatisticsController(ModelRepository repository) {
        this.repository = repository;
    }

    @GetMapping({"/stats", "/{model}/stats", "/{model}/versions/{version}/stats"})
    StatisticsJson.All statistics(
            @PathVariable(required = false) @Nullable String model,
            @PathVariable(required = false) @Nullable String version) {
        return new StatisticsJson.All(
                repository.serving(model == null ? "" : model, version == null ? "" : version).stream()
                        .map(serving -> StatisticsJson.Version.of(
                                serving.model(),
                                serving.version(),
                                serving.predictor().statistics()))
                        .toList());
    }
}
