//! Storage in virtual time.

use std::collections::VecDeque;

use super::Read;

/// What became of a read.
pub(super) enum Happening {
    Opened(u64),
    Ended(u64),
}

/// A storage says when it wants to be woken, with a token, and what has
/// happened when it is.
pub(super) enum Storage {
    Head(Head),
    Link(Link),
    /// Reads up to this one come from the first, the others from the second.
    Changing(u64, Box<Storage>, Box<Storage>),
}

/// A disk with a head.
pub(super) struct Head {
    /// Bytes per second.
    width: f64,
    near: u64,
    far: u64,
    /// The system cuts a request into pieces of this size, and asks for the
    /// next piece when it has the one before.
    piece: u64,
    position: u64,
    waiting: Vec<Piece>,
    busy: Option<Piece>,
    wakes: Vec<(u64, u64)>,
    directories: u64,
}

#[derive(Clone, Copy)]
struct Piece {
    read: Read,
    from: u64,
    /// Directory entries, which lie before all files.
    opening: bool,
}

/// Latency, then a link that all share: a share on a network, solid state, or
/// the memory of the page cache.
#[derive(Clone)]
pub(super) struct Link {
    latency: u64,
    /// Round trips before the first byte of a file can be asked for.
    trips: u64,
    /// Bytes per second of all, and of one read.
    width: f64,
    one: f64,
    /// Reads that it works on at a time.
    slots: usize,
    jitter: f64,
    tail: f64,
    random: u64,
    free_at: u64,
    active: usize,
    queue: VecDeque<Read>,
    reads: Vec<(Read, Step)>,
    wakes: Vec<(u64, u64)>,
}

#[derive(Clone, Copy)]
enum Step {
    Open,
    Ask,
    Transfer,
}

impl Storage {
    /// Takes a read; says whether its file is open at once.
    pub(super) fn submit(&mut self, now: u64, read: Read) -> bool {
        match self {
            Storage::Head(head) => head.submit(now, read),
            Storage::Link(link) => link.submit(now, read),
            Storage::Changing(at, first, second) => {
                if read.id < *at { first } else { second }.submit(now, read)
            }
        }
    }

    /// Times at which it wants to be woken that were not told before.
    pub(super) fn wakes(&mut self) -> Vec<(u64, u64)> {
        match self {
            Storage::Head(head) => std::mem::take(&mut head.wakes),
            Storage::Link(link) => std::mem::take(&mut link.wakes),
            Storage::Changing(_, first, second) => {
                let mut wakes = first.wakes();
                wakes.extend(second.wakes());
                wakes
            }
        }
    }

    pub(super) fn wake(&mut self, now: u64, token: u64) -> Vec<Happening> {
        match self {
            Storage::Head(head) => head.wake(now),
            Storage::Link(link) => link.wake(now, token).into_iter().collect(),
            Storage::Changing(at, first, second) => if token < *at { first } else { second }.wake(now, token),
        }
    }
}

impl Head {
    fn submit(&mut self, now: u64, read: Read) -> bool {
        // One look into the directory serves the next 64 files.
        let opening = read.opens && read.id / 64 >= self.directories;
        self.waiting.push(Piece { read, from: 0, opening });
        self.serve(now);
        read.opens && !opening
    }

    /// The nearest piece ahead, else the first one: an elevator.
    fn serve(&mut self, now: u64) {
        if self.busy.is_some() || self.waiting.is_empty() {
            return;
        }
        let place =
            |piece: &Piece| if piece.opening { 0 } else { (1 << 20) + piece.read.position + piece.from };
        let key = |piece: &Piece| (place(piece) < self.position, place(piece));
        let nearest = (0..self.waiting.len()).min_by_key(|&i| key(&self.waiting[i])).unwrap_or(0);
        let piece = self.waiting.remove(nearest);
        let bytes = if piece.opening { 16 << 10 } else { self.piece.min(piece.read.bytes - piece.from) };
        let distance = place(&piece).abs_diff(self.position);
        let skip = (distance as f64 / self.width * 1e9) as u64;
        let seek = if distance > 100 << 20 { self.far } else { self.near };
        let ahead = place(&piece) >= self.position;
        let arm = if distance == 0 {
            0
        } else if ahead {
            seek.min(skip)
        } else {
            seek
        };
        self.position = place(&piece) + bytes;
        self.busy = Some(piece);
        self.wakes.push((now + arm + (bytes as f64 / self.width * 1e9) as u64, piece.read.id));
    }

    fn wake(&mut self, now: u64) -> Vec<Happening> {
        let Some(piece) = self.busy.take() else { return Vec::new() };
        let mut happenings = Vec::new();
        if piece.opening {
            self.directories = piece.read.id / 64 + 1;
            self.waiting.push(piece);
            for piece in self.waiting.iter_mut().filter(|p| p.opening && p.read.id / 64 < self.directories) {
                piece.opening = false;
                happenings.push(Happening::Opened(piece.read.id));
            }
            self.serve(now);
            return happenings;
        }
        // Whoever waits is served before this reader has come back for more.
        self.serve(now);
        let from = piece.from + self.piece;
        if from >= piece.read.bytes {
            happenings.push(Happening::Ended(piece.read.id));
        } else {
            self.waiting.push(Piece { from, ..piece });
            self.serve(now);
        }
        happenings
    }
}

impl Link {
    fn submit(&mut self, now: u64, read: Read) -> bool {
        if self.active < self.slots {
            self.start(now, read);
        } else {
            self.queue.push_back(read);
        }
        read.opens && self.trips == 0
    }

    fn start(&mut self, now: u64, read: Read) {
        self.active += 1;
        let opens = read.opens && self.trips > 0;
        self.reads.push((read, if opens { Step::Open } else { Step::Ask }));
        let trips = if opens { self.trips } else { 1 };
        let time = (0..trips).map(|_| self.trip()).sum::<u64>();
        self.wakes.push((now + time, read.id));
    }

    fn wake(&mut self, now: u64, id: u64) -> Option<Happening> {
        let index = self.reads.iter().position(|(read, _)| read.id == id)?;
        let (read, step) = self.reads[index];
        match step {
            Step::Open => {
                self.reads[index].1 = Step::Ask;
                let time = self.trip();
                self.wakes.push((now + time, id));
                Some(Happening::Opened(id))
            }
            Step::Ask => {
                self.reads[index].1 = Step::Transfer;
                self.free_at = self.free_at.max(now) + (read.bytes as f64 / self.width * 1e9) as u64;
                let alone = now + (read.bytes as f64 / self.one * 1e9) as u64;
                self.wakes.push((self.free_at.max(alone), id));
                None
            }
            Step::Transfer => {
                self.reads.swap_remove(index);
                self.active -= 1;
                if let Some(next) = self.queue.pop_front() {
                    self.start(now, next);
                }
                Some(Happening::Ended(id))
            }
        }
    }

    /// The time of one round trip, now and then much longer.
    fn trip(&mut self) -> u64 {
        let spread = 1.0 + self.jitter * (2.0 * self.random() - 1.0);
        let slow = if self.random() < self.tail { 10.0 } else { 1.0 };
        (self.latency as f64 * spread * slow) as u64
    }

    /// xorshift, 0 to 1.
    fn random(&mut self) -> f64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(super) fn noisy(self, seed: u64) -> Storage {
        let random = 88_172_645_463_325_252 ^ seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Storage::Link(Link { jitter: 0.3, tail: 0.01, random, ..self })
    }
}

fn link(latency_us: u64, trips: u64, megabytes: f64, one: f64, slots: usize) -> Link {
    Link {
        latency: latency_us * 1000,
        trips,
        width: megabytes * 1e6,
        one: one * 1e6,
        slots,
        jitter: 0.0,
        tail: 0.0,
        random: 88_172_645_463_325_252,
        free_at: 0,
        active: 0,
        queue: VecDeque::new(),
        reads: Vec::new(),
        wakes: Vec::new(),
    }
}

/// A share: two round trips to open a file, one more for its bytes.
pub(super) fn share(latency_us: u64, megabytes: f64) -> Link {
    link(latency_us, 2, megabytes, megabytes, 32)
}

/// A share that gives one read a part of its width only.
pub(super) fn narrow_share(latency_us: u64, megabytes: f64, one: f64) -> Link {
    link(latency_us, 2, megabytes, one, 32)
}

pub(super) fn solid() -> Link {
    link(80, 0, 2000.0, 1200.0, 64)
}

/// The page cache, copied by two cores.
pub(super) fn warm() -> Link {
    link(6, 0, 16_000.0, 9000.0, 2)
}

/// A disk with a head; the system cuts requests into pieces of this size.
pub(super) fn head(piece: u64) -> Storage {
    Storage::Head(Head {
        width: 150e6,
        near: 4_000_000,
        far: 8_000_000,
        piece,
        position: 1 << 40,
        waiting: Vec::new(),
        busy: None,
        wakes: Vec::new(),
        directories: 0,
    })
}

type Maker = Box<dyn Fn() -> Storage>;

/// The share on which only many reads at a time help, and each takes long.
pub(super) const NARROWEST: &str = "share, 2 ms, 1000 MB/s, 60 MB/s a read";

/// All that is not a disk with a head.
pub(super) fn links() -> Vec<(&'static str, Link)> {
    vec![
        ("solid state", solid()),
        ("page cache", warm()),
        ("share, 0.5 ms, 110 MB/s", share(500, 110.0)),
        ("share, 0.5 ms, 1000 MB/s", share(500, 1000.0)),
        ("share, 2 ms, 110 MB/s", share(2000, 110.0)),
        ("share, 2 ms, 1000 MB/s", share(2000, 1000.0)),
        ("share, 5 ms, 300 MB/s", share(5000, 300.0)),
        ("share, 5 ms, 1000 MB/s", share(5000, 1000.0)),
        ("share, 10 ms, 1000 MB/s", share(10_000, 1000.0)),
        ("share, 20 ms, 110 MB/s", share(20_000, 110.0)),
        ("share, 20 ms, 1000 MB/s", share(20_000, 1000.0)),
        ("share, 2 ms, 1000 MB/s, 250 MB/s a read", narrow_share(2000, 1000.0, 250.0)),
        (NARROWEST, narrow_share(2000, 1000.0, 60.0)),
    ]
}

/// Everything that the controller is tried on.
pub(super) fn all() -> Vec<(&'static str, Maker)> {
    let mut all: Vec<(&'static str, Maker)> = vec![
        ("disk with a head, whole requests", Box::new(|| head(4 << 20))),
        ("disk with a head, pieces of 1 MiB", Box::new(|| head(1 << 20))),
    ];
    for (name, link) in links() {
        all.push((name, Box::new(move || Storage::Link(link.clone()))));
    }
    all
}
