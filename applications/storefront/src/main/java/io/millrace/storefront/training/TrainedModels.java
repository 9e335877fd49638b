package io.millrace.storefront.training;

import io.millrace.wire.Point;
import java.util.List;

/**
 * What a training leaves.
 *
 * @param userTower customers to vectors
 * @param itemTower items to vectors, for those that nobody has seen yet
 * @param ranker candidates to probabilities
 * @param items all items
 * @param bestSellers indexes of {@code items}: what sold best of late and is in stock, best first
 * @param report what was learnt, and how good it is
 */
public record TrainedModels(
        Model userTower,
        Model itemTower,
        Model ranker,
        List<ShownItem> items,
        List<Integer> bestSellers,
        TrainingReport report) {

    public TrainedModels {
        items = List.copyOf(items);
        bestSellers = List.copyOf(bestSellers);
    }

    /** The items as points of a collection, in the space of this version of the towers. */
    public List<Point> points(String collection, long version) {
        String space = TwoTower.EMBEDDING_SPACE + "-" + version;
        return items.stream()
                .map(item -> new Point(collection, space, item.id(), version, item.vector(), item.payload()))
                .toList();
    }

    /** What to show when nothing else is known, best sellers first. */
    public List<ShownItem> popular() {
        return bestSellers.stream().map(items::get).toList();
    }
}
