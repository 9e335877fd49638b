package io.millrace.app.pipeline;

import static io.millrace.app.neighbours.FeatureServer.count;
import static io.millrace.app.neighbours.FeatureServer.number;
import static io.millrace.app.neighbours.FeatureServer.text;
import static io.millrace.app.neighbours.FeatureServer.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import feast.proto.serving.FieldStatus;
import feast.proto.serving.GetOnlineFeaturesResponse;
import feast.proto.types.Value;
import io.millrace.app.features.FeatureTable;
import io.millrace.app.pipeline.StepResult.Candidates;
import io.millrace.app.pipeline.StepResult.Row;
import io.millrace.app.pipeline.StepResult.Rows;
import io.millrace.app.retrieval.Candidate;
import io.millrace.model.ModelSignature.Column;
import io.millrace.model.ModelSignature.Input;
import io.millrace.model.ModelSignature.Origin;
import io.millrace.model.Tensor;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TensorAssemblerTest {

    private static final int[] ONE_ROW = {0};
    private static final Value MISSING = Value.getDefaultInstance();

    private final Row customer = new Row(table("spend", number(2.5)));
    private final Candidates candidates = new Candidates(List.of(
            new Candidate("a", 0.75, Map.of()), new Candidate("b", 0.5, Map.of()), new Candidate("c", 0.25, Map.of())));
    private final Rows items = new Rows(candidates, table("sales", count(10), MISSING, count(30)), new int[] {0, 2});
    private final Map<String, StepResult> values =
            Map.of("customer", customer, "items", items, "candidates", candidates);

    @Test
    void writesARowForEachCandidateThatWasKeptAndRepeatsTheEntitysValues() {
        Input input = new Input.Columns(
                "x", List.of(column("customer.spend"), column("items.sales"), column("candidates.score")));

        Tensor tensor =
                TensorAssembler.assemble(List.of(input), values, items.kept()).getFirst();

        assertThat(tensor.datatype()).isEqualTo("FP32");
        assertThat(tensor.shape()).containsExactly(2L, 3L);
        assertThat(floats(tensor)).containsExactly(2.5f, 10, 0.75f, 2.5f, 30, 0.25f);
    }

    @Test
    void putsTheColumnsDefaultWhereAValueIsMissing() {
        Input input = new Input.Columns(
                "x",
                List.of(new Column(Origin.parse("items.sales"), -1), new Column(Origin.parse("customer.unknown"), 7)));

        assertThat(floats(TensorAssembler.assemble(List.of(input), values, new int[] {1, 2})
                        .getFirst()))
                .containsExactly(-1, 7, 30, 7);
    }

    @Test
    void putsTheColumnsDefaultForANumberThatNoFloatHolds() {
        Input input = new Input.Columns("x", List.of(new Column(Origin.parse("items.sales"), -1)));
        Rows absurd =
                new Rows(candidates, table("sales", number(1e39), number(Double.NaN), number(3e38)), new int[] {0});

        assertThat(floats(TensorAssembler.assemble(List.of(input), Map.of("items", absurd), new int[] {0, 1, 2})
                        .getFirst()))
                .containsExactly(-1, -1, 3e38f);
    }

    @Test
    void cutsAListOrPadsIt() {
        Input.Texts input = new Input.Texts("recent", 2, Origin.parse("customer.recent"), "-");

        Map<String, StepResult> three = Map.of("customer", new Row(table("recent", texts("ä", "b", "c"))));
        Map<String, StepResult> none = Map.of("customer", new Row(FeatureTable.empty()));

        Tensor cut = TensorAssembler.assemble(List.of(input), three, ONE_ROW).getFirst();
        assertThat(cut.datatype()).isEqualTo("BYTES");
        assertThat(cut.shape()).containsExactly(1L, 2L);
        assertThat(cut.content().toByteArray()).containsExactly(2, 0, 0, 0, 0xC3, 0xA4, 1, 0, 0, 0, 'b');
        assertThat(TensorAssembler.assemble(List.of(input), none, ONE_ROW)
                        .getFirst()
                        .content()
                        .toByteArray())
                .containsExactly(1, 0, 0, 0, '-', 1, 0, 0, 0, '-');
    }

    @Test
    void refusesATextWhereANumberBelongs() {
        Map<String, StepResult> wrong = Map.of("customer", new Row(table("spend", text("much"))));
        Input input = new Input.Columns("x", List.of(column("customer.spend")));

        assertThatThrownBy(() -> TensorAssembler.assemble(List.of(input), wrong, ONE_ROW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("spend is STRING_VAL, no number");
    }

    private static Column column(String from) {
        return new Column(Origin.parse(from), 0);
    }

    private static FeatureTable table(String feature, Value... column) {
        GetOnlineFeaturesResponse.Builder response = GetOnlineFeaturesResponse.newBuilder();
        response.getMetadataBuilder().getFeatureNamesBuilder().addVal("id").addVal(feature);
        response.addResultsBuilder();
        var vector = response.addResultsBuilder();
        for (Value value : column) {
            vector.addValues(value).addStatuses(value == MISSING ? FieldStatus.NULL_VALUE : FieldStatus.PRESENT);
        }
        return FeatureTable.of(response.build());
    }

    private static float[] floats(Tensor tensor) {
        float[] floats = new float[tensor.content().size() / Float.BYTES];
        tensor.content()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(floats);
        return floats;
    }
}
