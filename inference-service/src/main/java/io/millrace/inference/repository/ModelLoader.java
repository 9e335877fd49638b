package io.millrace.inference.repository;

import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelInstance;
import io.millrace.inference.model.ModelRuntime;
import io.millrace.inference.model.Predictor;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.model.Serving;
import java.lang.foreign.Arena;
import java.util.List;

/** Turns the files of a version into a version that answers: verified, checked against its description and warm. */
final class ModelLoader {

    private final ModelRuntime runtime;
    private final Serving serving;

    ModelLoader(ModelRuntime runtime, Serving serving) {
        this.runtime = runtime;
        this.serving = serving;
    }

    /** @throws RefusedModelException if it must not answer; then nothing of it stays in memory */
    ServingVersion load(String model, int version, VersionFolder folder) throws RefusedModelException {
        ModelDefinition definition = folder.definition();
        LoadedModel loaded;
        try (Arena arena = Arena.ofConfined()) {
            loaded = runtime.load(definition, folder.verifiedModel(arena));
        }
        boolean serves = false;
        try {
            loaded.graph().requireMatches(definition);
            warmUp(definition, loaded);
            Predictor predictor = serving.serve(model, version, definition, loaded);
            serves = true;
            return new ServingVersion(model, version, definition, loaded.graph(), predictor);
        } finally {
            if (!serves) {
                loaded.close();
            }
        }
    }

    /** Runs the smallest and the largest batch, which also shows that outputs have the rows of their inputs. */
    private static void warmUp(ModelDefinition definition, LoadedModel loaded) throws RefusedModelException {
        try (ModelInstance instance = loaded.newInstance()) {
            instance.run(List.of(definition.defaultRows(1)));
            instance.run(List.of(definition.defaultRows(definition.scheduling().maxBatchSize())));
        } catch (InferenceException e) {
            throw new RefusedModelException("warm-up with default values: " + e.getMessage(), e);
        }
    }
}
