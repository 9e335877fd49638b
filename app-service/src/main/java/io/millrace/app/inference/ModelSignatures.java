package io.millrace.app.inference;

import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.millrace.model.ModelSignature;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;

/** The signatures of the models in use, at most a second old while inference-service is there. */
public class ModelSignatures {

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final InferenceClient client;
    private final Map<String, ModelSignature> known = new ConcurrentHashMap<>();

    public ModelSignatures(InferenceClient client) {
        this.client = client;
    }

    /** The signature as it was last seen; asked for where it was never seen. Fails as {@link #ask} does. */
    public ModelSignature get(String model, Deadline deadline) {
        ModelSignature signature = known.get(model);
        return signature != null ? signature : ask(model, deadline);
    }

    /** The signature as it is now. Fails as {@link InferenceClient#signature} does. */
    public ModelSignature ask(String model, Deadline deadline) {
        ModelSignature signature = client.signature(model, deadline);
        known.put(model, signature);
        return signature;
    }

    @Scheduled(fixedRate = 1000)
    void refresh() {
        for (String model : known.keySet()) {
            try {
                ask(model, Deadline.after(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
            } catch (StatusRuntimeException | IllegalArgumentException e) {
                continue; // the last one seen goes on; the steps that call the model say what is wrong
            }
        }
    }
}
