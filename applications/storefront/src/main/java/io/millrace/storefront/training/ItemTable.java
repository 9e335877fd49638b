package io.millrace.storefront.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;
import io.millrace.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;

/**
 * A vector for each item: a part of its own, and what it shares with others.
 *
 * <pre>
 *   t(i) = T_i + sum of W_w over the item's words w / sqrt(words) + C_c of its category c + sum_k n_k(price) P_k
 * </pre>
 *
 * {@code n} is {@link PriceScale}. What is not known of an item is left out of the sum, and so an item that nobody has seen
 * has a vector too.
 */
final class ItemTable {

    private static final float LITTLE = 1e-3f; // keeps an item without words from dividing by zero

    private final Network network;
    private final String name;
    private final ItemContent content;
    private final int items;
    private final int width;

    /** @param name what its parameters are called, each with its part */
    ItemTable(Network network, String name, ItemContent content, int width) {
        this.network = network;
        this.name = name;
        this.content = content;
        this.items = content.items().size();
        this.width = width;
        network.parameter(name, 0.1, items + 1L, width);
        network.parameter(name + "_words", 0.1, content.words().size() + 1L, width);
        network.parameter(name + "_categories", 0.1, content.categoryNames().size() + 1L, width);
        // nothing at first: every item has a price, and what is drawn here would stand in all vectors
        network.parameter(name + "_prices", 0, PriceScale.KNOTS, width);
    }

    /**
     * The vectors of all items; the first row is padding, the item with number i has row i + 1.
     *
     * @param own for each row, whether its own part counts: one or zero
     */
    NDArray rows(NDManager manager, float[] own) {
        long rows = items + 1L;
        ItemWords words = content.words();
        NDArray places = manager.create(words.places(), new Shape(rows, words.perItem()));
        NDArray mask = places.gt(0).toType(DataType.FLOAT32, false);
        NDArray vectors = embedding(places, "_words");
        NDArray sum = mask.expandDims(1).matMul(vectors).squeeze(1);
        NDArray byWords = sum.div(mask.sum(new int[] {1}, true).add(LITTLE).sqrt());
        NDArray category = manager.create(content.categoryPlaces(), new Shape(rows));
        NDArray byCategory = embedding(category, "_categories")
                .mul(category.gt(0).toType(DataType.FLOAT32, false).expandDims(1));
        NDArray byPrice = manager.create(content.priceWeights(), new Shape(rows, PriceScale.KNOTS))
                .matMul(network.get(name + "_prices"));
        return network.get(name)
                .mul(manager.create(own, new Shape(rows, 1)))
                .add(byWords)
                .add(byCategory)
                .add(byPrice);
    }

    /**
     * The same for whatever the inputs say of items, as nodes of a graph.
     *
     * @param own as for {@link #rows}; an id that is not among the items has no part of its own
     */
    String rows(OnnxGraph graph, Inputs inputs, float[] own) {
        float[] table =
                network.compute(manager -> network.get(name).mul(manager.create(own, new Shape(items + 1L, 1))));
        String second = graph.axis("second", 1);
        String byId = gather(
                graph,
                "own",
                table,
                items + 1L,
                graph.places(inputs.id(), content.items().ids()));
        String category =
                graph.places(inputs.category(), content.categoryNames().ids());
        float[] categories = network.get(name + "_categories").toFloatArray();
        Arrays.fill(categories, 0, width, 0);
        String byCategory =
                gather(graph, "categories", categories, content.categoryNames().size() + 1L, category);
        String told = graph.node("Add", "by_id_and_category", byId, byCategory);
        String byWords = words(graph, inputs.description());
        String byPrice = graph.node(
                "MatMul",
                "by_price",
                content.scale().weights(graph, inputs.price()),
                graph.constant("prices", network.get(name + "_prices").toFloatArray(), PriceScale.KNOTS, width));
        String all = graph.node("Squeeze", "by_text", graph.node("Add", "with_words", told, byWords), second);
        return graph.node("Add", "embedding", all, byPrice);
    }

    /** The names of the graph's inputs, each with one value for an item. */
    record Inputs(String id, String description, String category, String price) {}

    /** {@code [batch, 1, width]} */
    private String words(OnnxGraph graph, String description) {
        SequencedMap<String, long[]> pieces = content.words().pieces();
        float[] vectors = network.get(name + "_words").toFloatArray();
        float[] table = new float[(pieces.size() + 1) * width];
        float[] counts = new float[pieces.size() + 1];
        List<String> spellings = new ArrayList<>(pieces.sequencedKeySet());
        for (int piece = 1; piece < counts.length; piece++) {
            long[] words = pieces.getOrDefault(spellings.get(piece - 1), new long[0]);
            counts[piece] = words.length;
            for (long word : words) {
                for (int i = 0; i < width; i++) {
                    table[piece * width + i] += vectors[(int) word * width + i];
                }
            }
        }
        String pieceAxis = graph.axis("piece_axis", 2);
        String first = graph.node(
                "Slice",
                "pieces",
                graph.split(description),
                graph.axis("start", 0),
                graph.axis("end", ItemWords.PIECES),
                pieceAxis);
        String places = graph.places(first, spellings);
        String found = gather(graph, "words", table, counts.length, places);
        String sum =
                graph.node("Squeeze", "words_sum", graph.node("ReduceSum", "words_sums", found, pieceAxis), pieceAxis);
        String count = graph.node(
                "ReduceSum",
                "words_count",
                graph.node("Gather", "piece_counts", graph.constant("counts", counts, counts.length), places),
                pieceAxis);
        String divisor = graph.node(
                "Sqrt",
                "words_divisor",
                graph.node("Add", "words_plus", count, graph.constant("little", new float[] {LITTLE}, 1)));
        return graph.node("Div", "by_words", sum, divisor);
    }

    private String gather(OnnxGraph graph, String table, float[] values, long rows, String places) {
        return graph.node("Gather", "of_" + table, graph.constant(table, values, rows, width), places);
    }

    private NDArray embedding(NDArray places, String part) {
        return Embedding.embedding(places, network.get(name + part), SparseFormat.DENSE)
                .singletonOrThrow();
    }
}
