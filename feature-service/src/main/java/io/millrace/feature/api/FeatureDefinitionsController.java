package io.millrace.feature.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.feature.registry.Definitions;
import io.millrace.feature.registry.FeatureReference;
import io.millrace.feature.registry.FeatureRegistry;
import io.millrace.feature.registry.FeatureService;
import io.millrace.starter.problem.ProblemException;
import io.millrace.wire.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The feature definitions, in and out. */
@RestController
@RequestMapping("/v1/feature-definitions")
final class FeatureDefinitionsController {

    private static final int MOST_BYTES = 1 << 20;

    private final FeatureRegistry registry;

    FeatureDefinitionsController(FeatureRegistry registry) {
        this.registry = registry;
    }

    /** Which definitions are in use now. */
    record Applied(String project, int version, String hash) {

        static Applied of(Definitions definitions) {
            return new Applied(definitions.project(), definitions.version(), definitions.hash());
        }
    }

    /** The definitions in use, and what a reader of features needs to know of them. */
    record Current(String project, int version, String hash, String definition, List<Service> feature_services) {}

    record Service(String name, List<Feature> features) {}

    record Feature(String name, String view, String entity, String join_key, String dtype) {}

    @PutMapping(consumes = {"application/yaml", "application/x-yaml", "text/yaml"})
    Applied put(InputStream body) throws IOException {
        byte[] text = body.readNBytes(MOST_BYTES + 1);
        if (text.length > MOST_BYTES) {
            throw new ProblemException(ProblemType.BODY_TOO_LARGE, "definitions have at most " + MOST_BYTES + " bytes");
        }
        return Applied.of(registry.put(new String(text, UTF_8)));
    }

    @GetMapping
    Current get() {
        Definitions current = registry.require();
        return new Current(
                current.project(),
                current.version(),
                current.hash(),
                current.text(),
                current.services().stream()
                        .map(FeatureDefinitionsController::service)
                        .toList());
    }

    private static Service service(FeatureService service) {
        return new Service(
                service.name(),
                service.features().stream()
                        .map(FeatureDefinitionsController::feature)
                        .toList());
    }

    private static Feature feature(FeatureReference feature) {
        return new Feature(
                feature.name(),
                feature.view().name(),
                feature.view().entity().name(),
                feature.view().entity().joinKey(),
                feature.feature().dtype().feastName());
    }
}
