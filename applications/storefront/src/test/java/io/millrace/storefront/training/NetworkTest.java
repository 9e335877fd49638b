package io.millrace.storefront.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetworkTest {

    /** It is memory outside the heap, and a training takes many thousand steps. */
    @Test
    void nothingOfAStepOrOfAnAnswerStays() {
        try (Network network = new Network(new Random(1))) {
            network.layer("layer", 3, 2);
            Optimizer optimizer = Network.optimizer(0.01f, 0, 10);
            network.step(optimizer, manager -> loss(network, manager));
            network.compute(manager -> loss(network, manager));
            int held = held(network);

            for (int step = 0; step < 5; step++) {
                network.step(optimizer, manager -> loss(network, manager));
                network.compute(manager -> loss(network, manager));
            }

            assertThat(held(network)).isEqualTo(held);
        }
    }

    /** The parameter comes first, as in the towers: the result belongs where its first operand does. */
    private static NDArray loss(Network network, NDManager manager) {
        return network.get("layer_weight")
                .mul(manager.create(new float[] {1, 2, 3}, new Shape(1, 3)))
                .add(1)
                .sum();
    }

    private static int held(Network network) {
        return network.get("layer_weight").getManager().getManagedArrays().size();
    }
}
