#!/bin/sh
# Trains the teachers and the students of this folder: some four hours on two cores.
#
#     sh examples/students/train.sh CID22/training gb82
#
# Goes on where it was stopped. The same versions of PyTorch and the same processor give the same
# bits.
set -eu
images="$*"

train() {
  name=$1
  shift
  # shellcheck disable=SC2086
  licc distill "$@" --m 192 --images $images -o "$name.pt" --resume --quiet
}

# Crops of 64 pixels train the transforms fast, and the hyperprior hardly: two steps.
start="--student hyperprior --batch 4 --crop 64 --steps 6000 --lambda 0.025 --seed 1"
train start-n128 $start --n 128 --lr 6e-4
train start-n64 $start --n 64 --lr 8e-4 --teacher start-n128.pt --half

hyperprior="--student hyperprior --batch 1 --crop 256 --lambda 0.025"
train teacher-hyperprior $hyperprior --n 128 --steps 2500 --lr 2e-4 --seed 2 --from start-n128.pt
taught="$hyperprior --seed 1 --half --teacher teacher-hyperprior.pt"
train hyperprior-n64 $taught --n 64 --steps 1600 --lr 3e-4 --plain 0 --from start-n64.pt
train hyperprior-n32 $taught --n 32 --steps 2500 --lr 6e-4 --plain 0.3
last="--batch 1 --crop 128 --seed 3 --half --steps 100 --lr 2e-5 --lambda 0.025"
for n in 64 32; do
  student="$hyperprior --n $n --lr 1e-4"
  train hyperprior-n$n-tuned $student --seed 1 --half --steps 500 --quantize w8a8 \
    --from hyperprior-n$n.pt
  train hyperprior-n$n-free --student hyperprior --lambda 0.025 --batch 1 --crop 128 --seed 2 \
    --n $n --lr 1e-4 --steps 2500 --from hyperprior-n$n-tuned.pt
  train hyperprior-n$n-0.025 --student hyperprior $last --n $n --from hyperprior-n$n-free.pt
done

factorized="--student factorized --batch 1 --crop 128"
train teacher-factorized $factorized --lambda 0.025 --seed 2 --n 128 --steps 2500 --lr 3e-4 \
  --from start-n128.pt
for n in 64 32; do
  student="$factorized --seed 1 --n $n"
  train factorized-n$n $student --lambda 0.025 --steps 5000 --lr 6e-4
  train factorized-n$n-low $student --lambda 0.0085 --steps 2000 --lr 3e-4 --half \
    --from factorized-n$n.pt
  tuned="$student --half --steps 1000 --lr 1e-4"
  train factorized-n$n-tuned $tuned --quantize w8a8 --lambda 0.025 --from factorized-n$n.pt
  train factorized-n$n-free $factorized --lambda 0.025 --seed 2 --n $n --steps 2500 --lr 1e-4 \
    --from factorized-n$n-tuned.pt
  train factorized-n$n-0.025 --student factorized $last --n $n --from factorized-n$n-free.pt
  train factorized-n$n-0.0085 $tuned --quantize w8a8 --lambda 0.0085 --from factorized-n$n-low.pt
done

# What docs/distillation.md compares them with.
train hyperprior-n64-plain $hyperprior --seed 1 --half --n 64 --steps 1600 --lr 3e-4 --plain 0 \
  --from start-n64.pt
train hyperprior-n64-high $hyperprior --seed 1 --half --n 64 --steps 400 --lr 1e-4 \
  --lambda 0.035 --from hyperprior-n64.pt
train hyperprior-n32-plain $hyperprior --seed 1 --half --n 32 --steps 2500 --lr 6e-4 --plain 0.3
for n in 64 32; do
  train factorized-n$n-w8a8 $factorized --n $n --seed 1 --half --steps 1000 --lr 1e-4 \
    --quantize w8a8 --lambda 0.025 --from factorized-n$n-free.pt
done
factorized="$factorized --lambda 0.025 --steps 5000 --lr 6e-4 --seed 1"
train factorized-n64-taught $factorized --n 64 --teacher teacher-factorized.pt
train factorized-n32-taught $factorized --n 32 --teacher teacher-factorized.pt --half \
  --weight-latent 0.02

# What docs/ablation.md shows: the shipped students teach as well, so this part needs no other.
ablation="$hyperprior --n 32 --seed 1 --half"
train ablation-n32-plain $ablation --steps 2500 --lr 6e-4 --plain 0.3
train ablation-n32-taught $ablation --steps 2500 --lr 6e-4 --plain 0.3 \
  --teacher hyperprior-n64-0.025.pt
train ablation-n32-tuned $ablation --steps 500 --lr 1e-4 --quantize w8a8 \
  --from ablation-n32-taught.pt
