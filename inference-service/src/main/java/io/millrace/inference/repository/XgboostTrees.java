package io.millrace.inference.repository;

import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.onnx.OnnxGraph;
import io.millrace.onnx.TreeEnsemble;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns the trees of an XGBoost model into an ONNX graph, so that one engine serves both. Boosted trees with one output are
 * taken, for regression and for logistic loss; a missing value is NaN, as for XGBoost.
 *
 * <p>Source: the document "Introduction to Model IO" of XGBoost and its {@code model.schema}, release 3.0. There
 * {@code base_score} of a logistic model is a probability, while leaves are added up as log odds.
 */
final class XgboostTrees {

    private static final Set<String> IDENTITY =
            Set.of("reg:squarederror", "reg:absoluteerror", "rank:pairwise", "rank:ndcg");
    private static final Set<String> LOGISTIC = Set.of("binary:logistic", "reg:logistic");
    private static final String LOG_ODDS = "binary:logitraw";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private XgboostTrees() {}

    /** @throws RefusedModelException if it is damaged, of another kind, or not what its description says */
    static byte[] toOnnx(byte[] json, ModelDefinition definition) throws RefusedModelException {
        if (definition.inputs().size() != 1 || definition.outputs().size() != 1) {
            throw new RefusedModelException("model.yaml: trees have one input, with all columns, and one output");
        }
        ModelDefinition.Input input = definition.inputs().getFirst();
        ModelDefinition.Output output = definition.outputs().getFirst();
        if (input.datatype() != Datatype.FP32 || output.datatype() != Datatype.FP32) {
            throw new RefusedModelException("model.yaml: trees take and give FP32");
        }
        JsonNode learner;
        try {
            learner = MAPPER.readTree(json).path("learner");
        } catch (JacksonException e) {
            throw new RefusedModelException("model.json: " + e.getOriginalMessage(), e);
        }
        JsonNode booster = learner.path("gradient_booster");
        JsonNode parameters = learner.path("learner_model_param");
        String objective = learner.path("objective").path("name").asString("");
        require(booster.path("name").asString("").equals("gbtree"), "the booster is not gbtree");
        require(
                IDENTITY.contains(objective) || LOGISTIC.contains(objective) || LOG_ODDS.equals(objective),
                "the objective \"%s\" is not served".formatted(objective));
        require(
                number(parameters, "num_class", "0") <= 1 && number(parameters, "num_target", "1") == 1,
                "it has several outputs");
        int features = (int) number(parameters, "num_feature", "0");
        require(features == input.width(), "it has %d columns, model.yaml has %d".formatted(features, input.width()));

        double base = number(parameters, "base_score", "");
        boolean logistic = LOGISTIC.contains(objective);
        boolean isProbability = logistic || LOG_ODDS.equals(objective);
        List<TreeEnsemble.Tree> trees = new ArrayList<>();
        for (JsonNode tree : booster.path("model").path("trees")) {
            trees.add(tree(tree, features));
        }
        require(!trees.isEmpty(), "it has no trees");

        var graph = new OnnxGraph("millrace", "xgboost");
        String x = graph.numbers(input.name(), input.width());
        var ensemble = new TreeEnsemble((float) (isProbability ? Math.log(base / (1 - base)) : base), trees);
        if (logistic) {
            graph.node("Sigmoid", output.name(), graph.trees(output.name() + "_log_odds", x, ensemble));
        } else {
            graph.trees(output.name(), x, ensemble);
        }
        graph.output(output.name(), 1);
        return graph.toBytes();
    }

    private static TreeEnsemble.Tree tree(JsonNode tree, int features) throws RefusedModelException {
        int nodes = tree.path("left_children").size();
        int[] left = new int[nodes];
        int[] right = new int[nodes];
        int[] feature = new int[nodes];
        float[] value = new float[nodes];
        boolean[] missingLeft = new boolean[nodes];
        for (String list : List.of("right_children", "split_indices", "split_conditions", "default_left")) {
            require(nodes > 0 && tree.path(list).size() == nodes, "the lists of a tree are not equally long");
        }
        for (int node = 0; node < nodes; node++) {
            left[node] = tree.path("left_children").path(node).asInt(TreeEnsemble.LEAF);
            right[node] = tree.path("right_children").path(node).asInt(TreeEnsemble.LEAF);
            feature[node] = tree.path("split_indices").path(node).asInt(-1);
            value[node] = (float) tree.path("split_conditions").path(node).asDouble(Double.NaN);
            JsonNode missing = tree.path("default_left").path(node);
            missingLeft[node] = missing.isBoolean() ? missing.asBoolean() : missing.asInt(0) != 0;
            require(Float.isFinite(value[node]), "a tree has a value that is no finite number");
            require(
                    left[node] == TreeEnsemble.LEAF || (feature[node] >= 0 && feature[node] < features),
                    "a tree asks for the column %d of %d".formatted(feature[node], features));
            require(tree.path("split_type").path(node).asInt(0) == 0, "categorical columns are not served");
        }
        requireTree(left, right);
        return new TreeEnsemble.Tree(left, right, feature, value, missingLeft);
    }

    /** From the root, no node is reached twice and none that is not there. */
    private static void requireTree(int[] left, int[] right) throws RefusedModelException {
        BitSet reached = new BitSet(left.length);
        List<Integer> open = new ArrayList<>(List.of(0));
        while (!open.isEmpty()) {
            int node = open.removeLast();
            require(node >= 0 && node < left.length && !reached.get(node), "a tree is no tree");
            reached.set(node);
            if (left[node] != TreeEnsemble.LEAF) {
                open.add(left[node]);
                open.add(right[node]);
            }
        }
    }

    /** A number that is written as a text, in newer releases as a list of one. */
    private static double number(JsonNode parameters, String key, String otherwise) throws RefusedModelException {
        String written = parameters.path(key).asString(otherwise).replaceAll("[\\[\\]]", "");
        try {
            return Double.parseDouble(written);
        } catch (NumberFormatException e) {
            throw new RefusedModelException("model.json: %s is \"%s\", not a number".formatted(key, written), e);
        }
    }

    private static void require(boolean holds, String refusal) throws RefusedModelException {
        if (!holds) {
            throw new RefusedModelException("model.json: " + refusal);
        }
    }
}
