package io.millrace.inference.protocol;

import io.millrace.inference.model.InferenceException.InvalidRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads the small bodies of the repository extension, whatever their content type says: clients send none, or a form's. */
final class ControlBody {

    private static final int MOST_BYTES = 1 << 16;

    private ControlBody() {}

    /** @throws InvalidRequest if there is a body and it is not such a message */
    static <T> Optional<T> read(HttpServletRequest request, Class<T> type, JsonMapper mapper) {
        try {
            byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
            if (body.length > MOST_BYTES) {
                throw new InvalidRequest("the body has more than %d bytes".formatted(MOST_BYTES));
            }
            // The JSON null is no message either, and so nothing.
            return body.length == 0 ? Optional.empty() : Optional.ofNullable(mapper.readValue(body, type));
        } catch (JacksonException e) {
            throw new InvalidRequest(JsonReason.of(e));
        } catch (IOException _) {
            throw new InvalidRequest("the body ended early");
        }
    }
}
