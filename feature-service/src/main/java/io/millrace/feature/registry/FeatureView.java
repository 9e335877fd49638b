package io.millrace.feature.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.millrace.feature.aggregation.Aggregation;
import io.millrace.feature.aggregation.ViewAggregation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Features of one entity.
 *
 * @param ttl how old a row may be when it is read; null means any age
 */
public record FeatureView(
        String name, Entity entity, @Nullable Duration ttl, ViewAggregation aggregation) {

    /** The view's features, in the order of the definition. */
    public List<Aggregation> features() {
        return aggregation.aggregations();
    }

    /** A hash of what its values depend on: a row of another one has other features, or features of another meaning. */
    public String hash() {
        return Hashing.sha256().hashString(toString(), UTF_8).toString().substring(0, 12);
    }

    @Override
    public String toString() {
        return "FeatureView[" + name + ", " + entity + ", " + features() + "]"; // hashed: what the stream depends on
    }
}
