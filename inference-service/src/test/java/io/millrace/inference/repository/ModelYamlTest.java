package io.millrace.inference.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.RefusedModelException;
import io.millrace.inference.model.Scheduling;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelYamlTest {

    private static final String FULL = """
            platform: onnx_onnxv1
            max_batch_size: 512            # rows
            max_queue_delay: 200us
            max_queue_rows: 8192
            instances: 2
            timeout: 5s
            priority_levels: 2
            cache: 64MB
            price: 0.35                    # of an instance, for an hour
            embedding_space: storefront-tower
            inputs:
              - {name: x, datatype: FP32, columns: [{from: customer.purchases_28d, default: 0}, {from: customer.spend_28d}]}
              - {name: recent_items, datatype: BYTES, width: 3, from: customer.recent_items, padding: ""}
            outputs: [{name: embedding, datatype: FP32}]
            """;

    @Test
    void readsAllKeys() throws RefusedModelException {
        ModelDefinition model = ModelYaml.parse(FULL);

        assertThat(model.scheduling())
                .isEqualTo(new Scheduling(
                        512, Duration.ofNanos(200_000), 8192, 2, Duration.ofSeconds(5), 2, 64 << 20, 0.35));
        assertThat(model.embeddingSpace(3)).hasValue("storefront-tower-3");
        assertThat(model.inputs())
                .containsExactly(
                        new ModelDefinition.Input("x", Datatype.FP32, 2, List.of(0, 0.0)),
                        new ModelDefinition.Input("recent_items", Datatype.BYTES, 3, List.of("", "", "")));
        assertThat(model.outputs()).containsExactly(new ModelDefinition.Output("embedding", Datatype.FP32));
    }

    @Test
    void columnsAreGivenToCallersAsJsonWithTheDefaultsFilledIn() throws RefusedModelException {
        ModelDefinition model = ModelYaml.parse(FULL);

        assertThat(model.columns()).isEqualTo("""
                        [{"name":"x","datatype":"FP32","columns":[{"from":"customer.purchases_28d","default":0},\
                        {"from":"customer.spend_28d","default":0.0}]},\
                        {"name":"recent_items","datatype":"BYTES","width":3,"from":"customer.recent_items","padding":""}]""");
        // printf '%s' "$columns" | sha256sum | cut -c1-16
        assertThat(model.signature()).isEqualTo("88e9244a046e73f2");
    }

    @Test
    void theSignatureChangesWithTheColumnsAndWithNothingElse() throws RefusedModelException {
        String signature = ModelYaml.parse(FULL).signature();

        assertThat(ModelYaml.parse(FULL.replace("instances: 2", "instances: 3")).signature())
                .isEqualTo(signature);
        assertThat(ModelYaml.parse(FULL.replace("purchases_28d", "purchases_7d"))
                        .signature())
                .isNotEqualTo(signature);
    }

    @Test
    void whatIsWrongIsRefusedWithItsPlace() {
        refused("instances: 2", "instance: 2", "there is no key instance; known are");
        refused("default: 0", "defualt: 0", "there is no key inputs[0].columns[0].defualt");
        refused("platform: onnx_onnxv1", "", "platform: write onnx_onnxv1, xgboost_json or pytorch_torchscript");
        refused("FP32, columns", "FP8, columns", "inputs[0].datatype");
        refused("default: 0", "default: zero", "inputs[0]: columns[0]: \"zero\" is not a value of FP32");
        refused("padding: \"\"", "padding: 0", "inputs[1]: 0 is not a value of BYTES");
        refused("width: 3, ", "", "inputs[1]: write columns, or a width");
        refused("width: 3", "width: 0", "inputs[1]: write columns, or a width");
        refused("from: customer.recent_items", "from: recent", "inputs[1]: from: write step.feature");
        refused("max_batch_size: 512", "max_batch_size: 0", "max_batch_size: write at least 1");
        refused("max_batch_size: 512", "max_batch_size: 1.5", "max_batch_size");
        refused("max_queue_rows: 8192", "max_queue_rows: 511", "max_queue_rows: write at least max_batch_size");
        refused("200us", "200", "max_queue_delay: write a time such as");
        refused("priority_levels: 2", "priority_levels: 9", "priority_levels: write at most 8");
        refused("cache: 64MB", "cache: 64", "cache: write a size such as");
        refused("price: 0.35", "price: -1", "price: write what an instance costs");
        refused("timeout: 5s", "timeout: 0s", "timeout: write a time above zero");
        refused("name: recent_items", "name: x", "inputs: \"x\" is there twice");
        refused("[{name: embedding, datatype: FP32}]", "[]", "outputs: list at least one");
        refused("instances: 2", "instances: 2\ninstances: 3", "duplicate key");
        refused("inputs:", "inputs", "model.yaml: ");
    }

    @Test
    void aVersionPolicyAndALimitForBatchesMayBeWritten() throws RefusedModelException {
        var otherwise = new VersionPolicy.Latest(2);

        assertThat(ModelYaml.lifecycle(FULL, otherwise))
                .isEqualTo(new Lifecycle(otherwise, Duration.ofSeconds(5), null));
        assertThat(ModelYaml.lifecycle(
                        FULL
                                + "version_policy: {specific: [1, 4]}\nwarm_up: {batch_limit: 250ms, samples: samples.json}\n",
                        otherwise))
                .isEqualTo(new Lifecycle(
                        new VersionPolicy.Specific(Set.of(1, 4)), Duration.ofMillis(250), "samples.json"));
        assertThat(ModelYaml.lifecycle(FULL + "version_policy: {latest: 3}", otherwise)
                        .versions())
                .isEqualTo(new VersionPolicy.Latest(3));
        assertThat(ModelYaml.lifecycle(FULL + "version_policy: all", otherwise).versions())
                .isEqualTo(new VersionPolicy.All());
        for (String wrong : List.of("latest", "{latest: 0}", "{specific: []}", "{specific: [a]}", "{newest: 1}")) {
            assertThatThrownBy(() -> ModelYaml.lifecycle(FULL + "version_policy: " + wrong, otherwise))
                    .isInstanceOf(RefusedModelException.class)
                    .hasMessageStartingWith("model.yaml: version_policy: ");
        }
    }

    private static void refused(String from, String to, String reason) {
        assertThat(FULL).contains(from);
        assertThatThrownBy(() -> ModelYaml.parse(FULL.replace(from, to)))
                .isInstanceOf(RefusedModelException.class)
                .hasMessageStartingWith("model.yaml: ")
                .hasMessageContaining(reason);
    }
}
