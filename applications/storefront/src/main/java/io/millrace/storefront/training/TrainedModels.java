package io.millrace.storefront.training;

import io.millrace.wire.Point;
import java.util.List;

/**
 * What a training leaves.
 *
 * @param userTower customers to vectors
 * @param ranker candidates to probabilities
 * @param items all items
 * @param bestSellers indexes of {@code items}: what sold best of late and is in stock, best first
 * @param report what was learnt, and how good it is
 */
public record TrainedModels(
        Model userTower, Model ranker, List<ShownItem> items, List<Integer> bestSellers, TrainingReport report) {

    private static final String EMBEDDING_SPACE = "storefront-tower-";

    public TrainedModels {
        items = List.copyOf(items);
        bestSellers = List.copyOf(bestSellers);
    }

    /** The items as points of a collection, in the space of this version of the towers. */
    public List<Point> points(String collection, long version) {
        return items.stream()
                .map(item -> new Point(
                        collection, EMBEDDING_SPACE + version, item.id(), version, item.vector(), item.payload()))
                .toList();
    }

    /** What to show when nothing else is known, best sellers first. */
    public List<ShownItem> popular() {
        return bestSellers.stream().map(items::get).toList();
    }
}
