package io.millrace.inference.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the requests to one name go.
 *
 * @param targets with weights of which the sum is positive
 * @param shadows get copies of requests; nobody waits for what they answer
 */
record Route(List<Weighted> targets, List<Shadow> shadows) {

    record Weighted(Target target, int weight) {}

    /** @param share of the requests, from 0 to 1 */
    record Shadow(Target target, double share) {}

    Route {
        targets = List.copyOf(targets);
        shadows = List.copyOf(shadows);
    }

    /** The target of a slot first, then the others for the case that it cannot answer, the heaviest first. */
    List<Target> inOrder(int slot) {
        long sum = targets.stream().mapToLong(Weighted::weight).sum();
        long end = 0;
        Weighted chosen = targets.getFirst();
        for (Weighted target : targets) {
            end += target.weight();
            // The slots of a target end where its share of the weights does.
            if (slot * sum < end * Slot.COUNT) {
                chosen = target;
                break;
            }
        }
        List<Target> order = new ArrayList<>();
        order.add(chosen.target());
        targets.stream()
                .sorted((one, other) -> Integer.compare(other.weight(), one.weight()))
                .map(Weighted::target)
                .filter(target -> !order.contains(target))
                .forEach(order::add);
        return order;
    }

    /** The target that most requests go to. */
    Target main() {
        Weighted heaviest = targets.getFirst();
        for (Weighted target : targets) {
            heaviest = target.weight() > heaviest.weight() ? target : heaviest;
        }
        return heaviest.target();
    }
}
