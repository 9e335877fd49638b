package io.millrace.storefront.training;

import java.util.List;

/** Where features of past moments come from. */
public interface TrainingSets {

    /**
     * The features of a feature service, as they were strictly before a moment, at which the labels begin.
     *
     * @param entities one for each row
     * @param micros the row's moment, in microseconds since 1970
     */
    FeatureTable at(String featureService, List<String> entities, long[] micros);
}
