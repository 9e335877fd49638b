package io.millrace.feature.api;

import io.millrace.feature.FeatureException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/**
 * Errors as Feast's server gives them: a JSON string that holds JSON, which its client makes an exception of. What Feast
 * answers with 500 though the request is wrong is 404 or 422 here.
 */
final class FeastErrors {

    private static final JsonMapper JSON = new JsonMapper();

    private FeastErrors() {}

    static ResponseEntity<String> of(FeatureException error) {
        String message = String.valueOf(error.getMessage());
        return switch (error) {
            case FeatureException.UnknownFeature _ ->
                of(
                        HttpStatus.NOT_FOUND,
                        message.contains("feature service")
                                ? "FeatureServiceNotFoundException"
                                : "FeatureViewNotFoundException",
                        message);
            case FeatureException.InvalidRequest _, FeatureException.InvalidDefinition _, FeatureException.Conflict _ ->
                of(HttpStatus.UNPROCESSABLE_CONTENT, "FeastError", message);
            case FeatureException.DeadlineExceeded _,
                    FeatureException.RegistryUnavailable _,
                    FeatureException.OnlineStoreUnavailable _,
                    FeatureException.TrainingBusy _,
                    FeatureException.EventsUnavailable _ -> of(HttpStatus.SERVICE_UNAVAILABLE, "FeastError", message);
        };
    }

    static ResponseEntity<String> of(HttpStatus status, String type, String message) {
        Map<String, String> error = new LinkedHashMap<>();
        error.put("module", "feast.errors");
        error.put("class", type);
        error.put("message", message);
        HttpHeaders headers = new HttpHeaders();
        if (status == HttpStatus.SERVICE_UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, "1");
        }
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.APPLICATION_JSON)
                .body(JSON.writeValueAsString(JSON.writeValueAsString(error)));
    }
}
