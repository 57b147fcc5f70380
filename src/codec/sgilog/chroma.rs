//! The chromaticities that SGILog24 has an index for.
//!
//! They are the squares, 0.0035 wide, of a grid over the colors that eyes can see, in
//! the plane of u' and v' (CIE 1976): row by row from the smallest v' on, and in each
//! row from where it begins. The numbers below are the format; they were found by
//! looking at what colors come out of a file that holds every index.
#![forbid(unsafe_code)]

/// Width of a square, and where the first row begins: of so few digits in the format.
const SQUARE: f64 = 0.0035_f32 as f64;
const FIRST_V: f64 = 0.01694_f32 as f64;
/// Equal-energy white, which stands for an index of no color.
const WHITE: (f64, f64) = (0.210526316, 0.473684211);

/// Where each row begins, in millionths, and its squares.
const ROWS: [(u32, u16); 163] = [
    (247663, 4),
    (243779, 6),
    (241684, 7),
    (237874, 9),
    (235906, 10),
    (232153, 12),
    (228352, 14),
    (226259, 15),
    (222371, 17),
    (220410, 18),
    (214710, 21),
    (212714, 22),
    (210721, 23),
    (204976, 26),
    (202986, 27),
    (199245, 29),
    (195525, 31),
    (193560, 32),
    (189878, 34),
    (186216, 36),
    (186216, 36),
    (182592, 38),
    (179003, 40),
    (175466, 42),
    (172001, 44),
    (172001, 44),
    (168612, 46),
    (168612, 46),
    (163575, 49),
    (158642, 52),
    (158642, 52),
    (158642, 52),
    (153815, 55),
    (153815, 55),
    (149097, 58),
    (149097, 58),
    (142746, 62),
    (142746, 62),
    (142746, 62),
    (138270, 65),
    (138270, 65),
    (138270, 65),
    (132166, 69),
    (132166, 69),
    (126204, 73),
    (126204, 73),
    (126204, 73),
    (120381, 77),
    (120381, 77),
    (120381, 77),
    (120381, 77),
    (112962, 82),
    (112962, 82),
    (112962, 82),
    (107450, 86),
    (107450, 86),
    (107450, 86),
    (107450, 86),
    (100343, 91),
    (100343, 91),
    (100343, 91),
    (95126, 95),
    (95126, 95),
    (95126, 95),
    (95126, 95),
    (88276, 100),
    (88276, 100),
    (88276, 100),
    (88276, 100),
    (81523, 105),
    (81523, 105),
    (81523, 105),
    (81523, 105),
    (74861, 110),
    (74861, 110),
    (74861, 110),
    (74861, 110),
    (68290, 115),
    (68290, 115),
    (68290, 115),
    (68290, 115),
    (63573, 119),
    (63573, 119),
    (63573, 119),
    (63573, 119),
    (57219, 124),
    (57219, 124),
    (57219, 124),
    (57219, 124),
    (50985, 129),
    (50985, 129),
    (50985, 129),
    (50985, 129),
    (50985, 129),
    (44859, 134),
    (44859, 134),
    (44859, 134),
    (44859, 134),
    (40571, 138),
    (40571, 138),
    (40571, 138),
    (40571, 138),
    (36339, 142),
    (36339, 142),
    (36339, 142),
    (36339, 142),
    (32139, 146),
    (32139, 146),
    (32139, 146),
    (32139, 146),
    (27947, 150),
    (27947, 150),
    (27947, 150),
    (23739, 154),
    (23739, 154),
    (23739, 154),
    (23739, 154),
    (19504, 158),
    (19504, 158),
    (19504, 158),
    (16976, 161),
    (16976, 161),
    (16976, 161),
    (16976, 161),
    (12639, 165),
    (12639, 165),
    (12639, 165),
    (9991, 168),
    (9991, 168),
    (9991, 168),
    (9016, 170),
    (9016, 170),
    (9016, 170),
    (6217, 173),
    (6217, 173),
    (5097, 175),
    (5097, 175),
    (5097, 175),
    (3909, 177),
    (3909, 177),
    (2340, 177),
    (2389, 170),
    (1068, 164),
    (1653, 157),
    (717, 150),
    (1614, 143),
    (270, 136),
    (484, 129),
    (1103, 123),
    (1242, 115),
    (1188, 109),
    (1011, 103),
    (709, 97),
    (301, 89),
    (2416, 82),
    (3251, 76),
    (3246, 69),
    (4141, 62),
    (5963, 55),
    (8839, 47),
    (10490, 40),
    (16994, 31),
    (23659, 21),
];

/// The index with which each row begins.
const STARTS: [u16; ROWS.len()] = {
    let mut starts = [0; ROWS.len()];
    let mut row = 1;
    while row < ROWS.len() {
        starts[row] = starts[row - 1] + ROWS[row - 1].1;
        row += 1;
    }
    starts
};

/// u' and v' of an index: the middle of its square.
pub fn of_index(index: u16) -> (f64, f64) {
    let row = STARTS.partition_point(|&start| start <= index) - 1;
    let (begin, squares) = ROWS[row];
    let column = index - STARTS[row];
    if column >= squares {
        return WHITE;
    }
    let begin = f64::from((f64::from(begin) / 1e6) as f32);
    (begin + (f64::from(column) + 0.5) * SQUARE, FIRST_V + (row as f64 + 0.5) * SQUARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_has_as_many_squares_as_the_format_says() {
        assert_eq!(ROWS.iter().map(|row| u32::from(row.1)).sum::<u32>(), 16_289);
        assert_eq!(of_index(16_289), WHITE);
        assert_eq!(of_index(u16::MAX), WHITE);
        let (u, v) = of_index(4);
        assert!((u - 0.245529).abs() < 1e-6 && (v - 0.02219).abs() < 1e-6, "{u} {v}");
    }
}
