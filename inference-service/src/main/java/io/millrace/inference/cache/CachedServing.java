package io.millrace.inference.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.Predictor;
import io.millrace.inference.model.Serving;

/** Puts a cache before the models whose description asks for one. */
record CachedServing(Serving serving, MeterRegistry meters) implements Serving {

    @Override
    public Predictor serve(String model, int version, ModelDefinition definition, LoadedModel loaded) {
        Predictor predictor = serving.serve(model, version, definition, loaded);
        return definition.scheduling().cacheBytes() == 0
                ? predictor
                : new CachedPredictor(predictor, definition, new CacheMetrics(meters, model, version));
    }
}
