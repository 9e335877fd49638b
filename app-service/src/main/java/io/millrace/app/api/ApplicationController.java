package io.millrace.app.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.app.application.Application;
import io.millrace.app.application.Applications;
import io.millrace.app.application.Publication;
import io.millrace.app.application.SourceItem;
import io.millrace.app.application.StoreUnavailableException;
import io.millrace.app.definition.InvalidDefinitionException;
import io.millrace.app.pipeline.NeighbourAwayException;
import io.millrace.starter.problem.ProblemException;
import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET} and {@code PUT /v1/applications/{application}}. */
@RestController
final class ApplicationController {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final KnownApplications applications;
    private final Publication publication;

    ApplicationController(Applications applications, Publication publication) {
        this.applications = new KnownApplications(applications);
        this.publication = publication;
    }

    /** A definition in YAML and the items of the sources that it declares. */
    record Body(@Nullable String definition, @Nullable Map<String, List<SourceItem>> sources) {}

    /** @param version the version with this content; {@code null} where it was only checked and is new */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Published(String application, @Nullable Integer version, String hash) {}

    record Description(
            String application,
            int version,
            String hash,
            @JsonProperty("created_at") Instant createdAt,
            String definition) {}

    record All(List<String> applications) {}

    record Versions(String application, List<VersionLine> versions) {}

    record VersionLine(
            int version,
            String hash,
            @JsonProperty("created_at") Instant createdAt) {}

    @GetMapping("/v1/applications")
    All all() {
        return new All(applications.names());
    }

    /** All versions there ever were, newest first; the first one is in use. */
    @GetMapping("/v1/applications/{name}/versions")
    Versions versions(@PathVariable String name) {
        try {
            return new Versions(
                    applications.get(name).name(),
                    applications.versions(name).stream()
                            .map(each -> new VersionLine(each.version(), each.hash(), each.createdAt()))
                            .toList());
        } catch (StoreUnavailableException e) {
            throw ProblemException.retryAfter(RETRY_AFTER, ProblemType.UNAVAILABLE, String.valueOf(e.getMessage()), e);
        }
    }

    @GetMapping("/v1/applications/{name}")
    Description get(@PathVariable String name) {
        Application application = applications.get(name);
        return new Description(
                name, application.version(), application.hash(), application.createdAt(), application.definition());
    }

    @PutMapping(path = "/v1/applications/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    Published put(
            @PathVariable String name,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun,
            @RequestBody Body body) {
        if (body.definition() == null) {
            throw new ProblemException(
                    ProblemType.VALIDATION,
                    "change what errors names",
                    new Problem.Violation("/definition", "required", "write the definition, as one string of YAML"));
        }
        Map<String, List<SourceItem>> sources = body.sources() == null ? Map.of() : body.sources();
        try {
            if (dryRun) {
                Integer same = publication
                        .check(name, body.definition(), sources)
                        .map(Application::version)
                        .orElse(null);
                return new Published(name, same, Publication.hash(body.definition(), sources));
            }
            Application application = publication.publish(name, body.definition(), sources);
            return new Published(name, application.version(), application.hash());
        } catch (InvalidDefinitionException e) {
            throw new ProblemException(
                    ProblemType.INVALID_DEFINITION,
                    "change what errors names",
                    e.findings().stream()
                            .map(finding -> new Problem.Violation("/definition", "invalid", finding.toString()))
                            .toArray(Problem.Violation[]::new));
        } catch (NeighbourAwayException | StoreUnavailableException e) {
            throw ProblemException.retryAfter(RETRY_AFTER, ProblemType.UNAVAILABLE, String.valueOf(e.getMessage()), e);
        }
    }
}
