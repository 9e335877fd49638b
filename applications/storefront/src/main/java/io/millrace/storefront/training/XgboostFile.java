package io.millrace.storefront.training;

import io.millrace.onnx.TreeEnsemble;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the trees of a logistic XGBoost model in its JSON form.
 *
 * <p>{@code base_score} is a probability there, while the leaves are added up as log odds; a row goes left where it is
 * below the condition.
 *
 * <p>Source: the document "Introduction to Model IO" of XGBoost and its {@code model.schema}, release 3.0.
 */
final class XgboostFile {

    private XgboostFile() {}

    static TreeEnsemble read(byte[] json) {
        JsonNode learner = new JsonMapper().readTree(json).path("learner");
        // newer releases write a list of one
        String written = learner.path("learner_model_param")
                .path("base_score")
                .asString()
                .replaceAll("[\\[\\]]", "");
        double probability = Double.parseDouble(written);
        List<TreeEnsemble.Tree> trees = new ArrayList<>();
        learner.path("gradient_booster").path("model").path("trees").forEach(tree -> trees.add(tree(tree)));
        return new TreeEnsemble((float) Math.log(probability / (1 - probability)), trees);
    }

    private static TreeEnsemble.Tree tree(JsonNode tree) {
        double[] values = doubles(tree.path("split_conditions"));
        float[] exact = new float[values.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = (float) values[i];
        }
        double[] defaultLeft = doubles(tree.path("default_left"));
        boolean[] missingLeft = new boolean[defaultLeft.length];
        for (int i = 0; i < missingLeft.length; i++) {
            missingLeft[i] = defaultLeft[i] != 0;
        }
        return new TreeEnsemble.Tree(
                ints(tree.path("left_children")),
                ints(tree.path("right_children")),
                ints(tree.path("split_indices")),
                exact,
                missingLeft);
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static double[] doubles(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(one -> one.isBoolean() ? (one.asBoolean() ? 1 : 0) : one.asDouble())
                .toArray();
    }
}
