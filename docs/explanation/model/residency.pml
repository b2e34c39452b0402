/* Residency: what leaves the building, whatever fails and in whatever order.

   One conversation, turn by turn:  arrive > classify > record > send > answer | retry | fall back | give up.
   The model is non-deterministic wherever the world is. Every step is one guarded command, so that Spin and
   the small explorer in tests/model read the same text.

     spin -a residency.pml && cc -o pan pan.c && ./pan -a            honest: errors: 0
     spin -a -DFAIL_OPEN residency.pml && cc -o pan pan.c && ./pan -a  the hole is found

   Holes to put in: FAIL_OPEN (home is down, so the cloud is tried), DETECTOR_OPEN (a detector that broke has
   found nothing), FORGETFUL (a later turn is looked at without its history), UNRECORDED (no ledger: send
   anyway). The invariant is `promise`, at the end. */

#define ARRIVE 0
#define CLASSIFY 1
#define RECORD 2
#define SEND 3
#define AT_HOME 4
#define AT_CLOUD 5
#define DONE 6

byte phase = 0;        /* where the request is */
bool fresh = 0;        /* the truth, known to nobody: this turn brings a secret */
bool history = 0;      /* the truth: an earlier turn of the conversation did */
bool stays = 0;        /* the verdict, made once, before the first byte, and asked again at every send */
bool recorded = 0;     /* the intent is durable */
byte calls = 0;        /* sends so far */
bool leaked = 0;       /* the cloud has had a secret */
bool unwritten = 0;    /* something was sent that is on no record */

active proctype conversation()
{
  do
  /* A turn arrives, with a secret or without. */
  :: atomic { phase == ARRIVE -> fresh = 0; phase = CLASSIFY }
  :: atomic { phase == ARRIVE -> fresh = 1; phase = CLASSIFY }

  /* Classify the whole of it, history included. The detector works, or it raises, hangs, is gone. */
#ifdef FORGETFUL
  :: atomic { phase == CLASSIFY -> stays = fresh; phase = RECORD }
#else
  :: atomic { phase == CLASSIFY -> stays = fresh || history; phase = RECORD }
#endif
#ifdef DETECTOR_OPEN
  :: atomic { phase == CLASSIFY -> stays = 0; phase = RECORD }
#else
  :: atomic { phase == CLASSIFY -> stays = 1; phase = RECORD }
#endif

  /* Record the intent. Without a ledger nothing is sent. */
  :: atomic { phase == RECORD -> recorded = 1; calls = 0; phase = SEND }
#ifdef UNRECORDED
  :: atomic { phase == RECORD -> recorded = 0; calls = 0; phase = SEND }
#else
  :: atomic { phase == RECORD -> recorded = 0; phase = DONE }
#endif

  /* Send. Home may always be called, a cloud only where the verdict lets it. */
  :: atomic { phase == SEND && calls < 3 -> calls = calls + 1; unwritten = unwritten || !recorded; phase = AT_HOME }
  :: atomic { phase == SEND && calls < 3 && !stays -> calls = calls + 1; unwritten = unwritten || !recorded; leaked = leaked || fresh || history; phase = AT_CLOUD }
  :: atomic { phase == SEND && calls == 3 -> phase = DONE }

  /* It answers; or it fails, and the schedule tries again or elsewhere, through SEND like the first time. */
  :: atomic { phase == AT_HOME -> phase = DONE }
  :: atomic { phase == AT_HOME -> phase = SEND }
  :: atomic { phase == AT_CLOUD -> phase = DONE }
  :: atomic { phase == AT_CLOUD -> phase = SEND }
#ifdef FAIL_OPEN
  :: atomic { phase == AT_HOME -> leaked = leaked || fresh || history; phase = AT_CLOUD }
#endif

  /* The next turn carries this one; or there is none. */
  :: atomic { phase == DONE -> history = history || fresh; fresh = 0; stays = 0; recorded = 0; phase = ARRIVE }
  :: phase == DONE -> break
  od
}

ltl promise { [] (!leaked && !unwritten) }
