"""The Python that FromHuggingFace.java says again: python from_hugging_face.py MODEL_FOLDER TRAIN_CSV DEV_CSV OUTPUT"""
import sys

# #region load
from datasets import load_dataset
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder, train_file, dev_file, output = sys.argv[1:5]
data = load_dataset("csv", data_files={"train": train_file, "dev": dev_file})
labels = sorted(set(data["train"]["label"]))
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForSequenceClassification.from_pretrained(
    folder,
    num_labels=len(labels),
    id2label=dict(enumerate(labels)),
    label2id={label: i for i, label in enumerate(labels)},
)


def encode(row):
    encoded = tokenizer(row["text"], truncation=True, max_length=64)
    return {**encoded, "labels": labels.index(row["label"])}


data = data.map(encode, remove_columns=["text", "label"])
# #endregion load

# #region train
from sklearn.metrics import accuracy_score, f1_score
from transformers import DataCollatorWithPadding, EarlyStoppingCallback, Trainer, TrainingArguments


def compute_metrics(outcome):
    predicted = outcome.predictions.argmax(-1)
    return {
        "accuracy": accuracy_score(outcome.label_ids, predicted),
        "f1": f1_score(outcome.label_ids, predicted, average="macro"),
    }


trainer = Trainer(
    model=model,
    args=TrainingArguments(
        output_dir=output,
        num_train_epochs=3,
        per_device_train_batch_size=16,
        gradient_accumulation_steps=2,
        learning_rate=2e-4,
        lr_scheduler_type="cosine",
        warmup_steps=0.1,
        weight_decay=0.01,
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="f1",
        seed=42,
        use_cpu=True,
    ),
    train_dataset=data["train"],
    eval_dataset=data["dev"],
    data_collator=DataCollatorWithPadding(tokenizer),
    compute_metrics=compute_metrics,
    callbacks=[EarlyStoppingCallback(early_stopping_patience=2)],
)
trainer.train()
print(trainer.evaluate())
# #endregion train

# #region predict
from transformers import pipeline

trainer.save_model(output + "/model")
tokenizer.save_pretrained(output + "/model")
classify = pipeline("text-classification", model=output + "/model", device="cpu")
print(classify("Where is my parcel?"))
# #endregion predict
