package io.bertfinetune.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.page.RunRecord.Seen;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.TrainerState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final String MARKUP = "</script><img src=x onerror=alert(1)>{{plot}}<!--";

    private static String pageWith(String text, double loss) {
        TrainerState state =
                TrainerState.builder().runName(text).maxSteps(9).globalStep(3).build();
        RunRecord record = new RunRecord(System::nanoTime);
        record.begin(state);
        record.logged(state, Metrics.of("loss", loss).with("step", 3));
        Judging judging = new Judging(5);
        Classification wrong = new Classification(text, Map.of(text, 0.9, "fine", 0.1));
        judging.add(0, new Outcome<>(Example.of(Text.of(text), "fine"), wrong));
        record.evaluated(state, Metrics.of("eval_loss", 0.5).with("eval_runtime", 1), judging);
        return Page.still(record.since(Seen.NOTHING));
    }

    private static JsonObject data(String page) {
        String json =
                content(page, "<script type=\"application/json\" id=\"run\">").get(0);
        return JsonParser.parseString(json).getAsJsonObject();
    }

    private static List<String> content(String page, String tag) {
        String end = "</" + tag.split("[ <>]")[1] + ">";
        return Pattern.compile(Pattern.quote(tag) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(page)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void markupInTextsStaysText() {
        String page = pageWith(MARKUP, 0.5);

        JsonObject judgement = data(page).getAsJsonArray("judgements").get(0).getAsJsonObject();
        JsonObject mistake = judgement.getAsJsonArray("mistakes").get(0).getAsJsonObject();
        assertThat(page).doesNotContain("<img", "onerror=").containsOnlyOnce("</html>");
        assertThat(mistake.get("text").getAsString()).isEqualTo(MARKUP);
        assertThat(mistake.get("predicted").getAsString()).isEqualTo(MARKUP);
        assertThat(data(page).getAsJsonObject("status").get("name").getAsString())
                .isEqualTo(MARKUP);
    }

    @Test
    void aLossThatIsNoNumberLeavesTheDataReadable() {
        JsonObject point = data(pageWith("text", Double.NaN))
                .getAsJsonArray("points")
                .get(0)
                .getAsJsonObject();

        assertThat(point.getAsJsonObject("numbers").get("loss").isJsonNull()).isTrue();
    }

    @Test
    void nothingIsAskedOfAnotherServer() {
        String page = pageWith("text", 0.5);

        assertThat(Pattern.compile("https?://[^\\s*\"']*")
                        .matcher(page)
                        .results()
                        .map(MatchResult::group))
                .containsExactly("https://github.com/leeoniya/uPlot"); // in the comment with its licence
        assertThat(page).contains("connect-src 'none'").doesNotContainPattern("(src|href)=\"?(//|[a-z]+:/)");
    }

    @Test
    void theLicenceOfUPlotGoesWithIt() {
        assertThat(pageWith("text", 0.5)).contains("The MIT License (MIT)", "Copyright (c) 2022 Leon Sorokin");
    }

    @Test
    void thePolicyNamesWhatMayRunByItsHash() throws Exception {
        for (String page : List.of(pageWith(MARKUP, 0.5), Page.live())) {
            List<String> scripts = content(page, "<script>");
            assertThat(scripts).hasSize(2).allSatisfy(script -> assertThat(page).contains(hash(script)));
            assertThat(page).contains(hash(content(page, "<style>").get(0))).doesNotContain("unsafe-");
            assertThat(page.replaceAll("(?s)<(script|style)[^>]*>.*?</\\1>", ""))
                    .contains("<body>")
                    .doesNotContainPattern("\\s(style|on[a-z]+)=");
        }
    }

    private static String hash(String content) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }
}
